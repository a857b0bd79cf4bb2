"""What findings say: plain first, with the number; each text is a whole sentence, ready to translate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nnvis_widget.core.finding import Advice


@dataclass(frozen=True)
class Words:
    """The texts of one rule, or of one of its kinds.

    Attributes:
        title: What is wrong, with the number; `{place}`, `{value}`, `{threshold}` and what a sign says stand in it.
        text: For a beginner.
        disproof: What would show that it is not so.
        advice: What to do.
    """

    title: str
    text: str
    disproof: str = "A training that is changed so learns no better."
    advice: tuple[Advice, ...] = ()


def words_for(rule: str, kind: str) -> Words:
    """The texts of a rule; of one of a person's own its name."""
    return WORDS.get(f"{rule}.{kind}") or WORDS.get(rule) or Words(f"{rule}: {{value}} ({{place}})", "")


_SLOWER = Advice(
    "Take smaller steps.", "model.optimizer.learning_rate = float(model.optimizer.learning_rate) / 10", "slower"
)
_FASTER = Advice(
    "Take larger steps.", "model.optimizer.learning_rate = float(model.optimizer.learning_rate) * 10", "faster"
)
_CLIP = Advice(
    "Limit the size of the gradient.",
    "model.compile(keras.optimizers.Adam(1e-3, clipnorm=1.0), loss=model.loss)",
    "clipnorm",
)
_NORMALISE = Advice(
    "Bring every input to mean 0 and standard deviation 1, or put a Normalization layer in front.",
    "x = (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-7)",
    "normalization",
)
_SCALE_Y = Advice("Learn the targets in units of their spread.", "y = (y - y.mean(axis=0)) / y.std(axis=0)", "")
_RELU = Advice("Use ReLU with the initialiser 'he_normal', and BatchNormalization.", "", "activation")
_LEAKY = Advice(
    "Use a smaller rate and start anew, or an activation with a slope everywhere: 'leaky_relu', 'elu'.",
    "",
    "activation",
)

WORDS: Mapping[str, Words] = {
    "nan_input": Words(
        "NaN or infinity in {what}: {value} numbers",
        "One number that is no number makes every weight it touches one too.",
        "np.isfinite(...).all() is True of them.",
        (Advice("Leave those rows out, or fill the gaps.", "keep = np.isfinite(x).reshape(len(x), -1).all(axis=1)"),),
    ),
    "input_not_normalised.largest": Words(
        "Inputs are as large as {value}",
        "Layers are made for numbers around 0 and 1; with larger ones units are pushed to the ends of their range.",
        "The same training with normalised inputs learns no better.",
        (_NORMALISE,),
    ),
    "input_not_normalised.spread": Words(
        "A feature of the inputs spreads by {value}",
        "Layers are made for numbers around 0 and 1; a feature on another scale drowns the rest.",
        "The same training with normalised inputs learns no better.",
        (_NORMALISE,),
    ),
    "input_not_normalised.offset": Words(
        "A feature of the inputs is {value} times its spread away from 0",
        "What tells rows apart is small beside what all have in common.",
        "The same training with normalised inputs learns no better.",
        (_NORMALISE,),
    ),
    "target_scale.spread": Words(
        "The targets spread by {value}",
        "Outputs begin around 0 and have a long way to go; errors of that size make steps of that size.",
        "The same training with scaled targets learns no better.",
        (_SCALE_Y,),
    ),
    "target_scale.offset": Words(
        "The targets are {value} times their spread away from 0",
        "The network must first learn the mean before it can tell rows apart.",
        "The same training with scaled targets learns no better.",
        (_SCALE_Y,),
    ),
    "val_mismatch.spread": Words(
        "The validation inputs spread {value} times as much as those of the training",
        "They were probably scaled otherwise: what is validated is not what was learnt.",
        "Both were scaled by the same numbers, and a model that knows them is right on both.",
        (Advice("Scale the validation data with the mean and standard deviation of the training data.", ""),),
    ),
    "val_mismatch.shift": Words(
        "The validation inputs are shifted by {value} standard deviations",
        "They are not of the same kind as those of the training: what is validated is not what was learnt.",
        "Both were drawn from the same source at random.",
        (Advice("Scale both alike, and split at random.", ""),),
    ),
    "val_mismatch.features": Words(
        "{value:.0%} of the features differ in the validation data by more than a standard deviation",
        "They are not of the same kind as those of the training: what is validated is not what was learnt.",
        "Both were drawn from the same source at random.",
        (Advice("Scale both alike, and split at random.", ""),),
    ),
    "unshuffled": Words(
        "The rows are sorted: {value:.0%} are followed by one of the same class",
        "Each batch teaches one class only, and the next makes it forgotten.",
        "With shuffle=True it learns no better.",
        (Advice("Shuffle.", "model.fit(x, y, shuffle=True)"),),
    ),
    "labels_corrupt.constant": Words(
        "Every target is the same: {value}",
        "There is nothing to tell apart.",
        "np.unique(y, axis=0) has more than one row.",
        (Advice("Look at how y was made.", "np.unique(y, axis=0, return_counts=True)"),),
    ),
    "labels_corrupt.fractions": Words(
        "Class numbers with fractions",
        "This loss takes the targets for numbers of classes: 0, 1, 2 and so on.",
        "(y == y.astype(int)).all() is True.",
        (Advice("Number the classes, or choose a loss for numbers.", "y = np.unique(y, return_inverse=True)[1]"),),
    ),
    "labels_corrupt.few": Words(
        "The targets name {value} classes, the output has {outputs}",
        "Most outputs are never right.",
        "The other classes are in rows that were not looked at.",
        (Advice("Give the last layer one unit for each class.", "len(np.unique(y))"),),
    ),
    "class_imbalance": Words(
        "One class has {value} times as many rows as another",
        "Who always answers the frequent class is nearly always right.",
        "The rare class is told as well as the others.",
        (
            Advice(
                "Let the rare classes count more.", "model.fit(x, y, class_weight={0: 1.0, 1: 10.0})", "class_weight"
            ),
        ),
    ),
    "class_imbalance.untold": Words(
        "Class {of_class} ({count} rows) is told right in {recall}",
        "Who always answers the frequent class is nearly always right.",
        "The rare class is told as well as the others.",
        (
            Advice(
                "Let the rare classes count more.", "model.fit(x, y, class_weight={0: 1.0, 1: 10.0})", "class_weight"
            ),
        ),
    ),
    "labels_random": Words(
        "What is learnt says nothing of other rows: their loss is {value} of that of guessing",
        "It learns the training rows by heart. Perhaps the labels do not belong to the rows, or nothing in them tells.",
        "A simple model (a tree, nearest neighbours) is better than guessing on the validation rows.",
        (Advice("See that x and y are in the same order; try a simple model first.", ""),),
    ),
    "output_activation.one_unit": Words(
        "softmax over one unit always says 1",
        "A share of one is everything: the output cannot depend on the input.",
        "The outputs of two rows differ.",
        (Advice("Use Dense(1, 'sigmoid') with 'binary_crossentropy'.", "", "activation"),),
    ),
    "output_activation.no_shares": Words(
        "{loss} is given outputs that are no probabilities (the last activation is {activation})",
        "The loss takes the logarithm of a probability; these outputs may be below 0 or above 1.",
        "The outputs are between 0 and 1 for every row.",
        (Advice("Tell the loss that it gets logits (from_logits=True), or end in softmax or sigmoid.", "", "loss"),),
    ),
    "output_activation.labels": Words(
        "softmax over labels: {value:.0%} of the rows have none or several",
        "The shares of a softmax add up to 1, so only one label can be likely.",
        "Each row has exactly one label.",
        (Advice("Use a sigmoid for each label, with 'binary_crossentropy'.", "", "activation"),),
    ),
    "output_activation.range": Words(
        "Targets from {low} to {high} cannot be reached by {activation}",
        "Whatever is learnt, these rows stay wrong.",
        "Every target is within the range of the activation.",
        (Advice("End in a layer without an activation, or scale the targets.", "", "activation"),),
    ),
    "loss_mismatch.range": Words(
        "{loss} with a target of {value}",
        "It is made for probabilities; outside of 0 to 1 it can fall without end.",
        "Every target is between 0 and 1.",
        (Advice("Use 'mse' for numbers, or number the two classes 0 and 1.", "", "loss"),),
    ),
    "loss_mismatch.logits": Words(
        "from_logits=True behind {activation}",
        "The loss squashes a second time what is squashed: its slopes are small and no answer is ever sure.",
        "The last layer has no activation.",
        (Advice("Leave from_logits out, or the activation.", "", "loss"),),
    ),
    "loss_mismatch.numbers": Words(
        "{loss} of the shares of a softmax",
        "It works, but where the network is surely wrong there is hardly a slope.",
        "It learns as fast as with a cross-entropy.",
        (Advice("Use 'categorical_crossentropy' or 'sparse_categorical_crossentropy'.", "", "loss"),),
    ),
    "loss_mismatch.binary": Words(
        "binary_crossentropy of the shares of a softmax",
        "It counts every class as a question of its own; the accuracy that is told is too good.",
        "It learns as fast as with categorical_crossentropy.",
        (Advice("Use 'categorical_crossentropy'.", "", "loss"),),
    ),
    "frozen.all": Words(
        "No weight is trainable",
        "Training cannot change anything.",
        "model.trainable_variables is not empty.",
        (
            Advice(
                "Let the layers learn, and compile again.",
                "model.trainable = True\nmodel.compile(model.optimizer.name, model.loss)",
            ),
        ),
    ),
    "frozen.unreached": Words(
        "The loss does not depend on the weights of {place}",
        "Nothing flows back to them, so they never change.",
        "A change of these weights changes the loss.",
        (Advice("See that its output goes into what the model puts out.", ""),),
    ),
    "frozen.some": Words("Layers that are not trained: {names}", "They were frozen on purpose.", ""),
    "init_symmetric": Words(
        "All weights of {place} begin the same",
        "Its units then all learn the same: many units are as good as one.",
        "After some steps the columns of the kernel differ.",
        (
            Advice(
                "Use a random initialiser.",
                "keras.layers.Dense(64, 'relu', kernel_initializer='he_normal')",
                "initializer",
            ),
        ),
    ),
    "init_scale.high": Words(
        "The weights of {place} begin {value} times as large as what comes in allows",
        "What is put out grows from layer to layer; units are pushed to the ends of their range.",
        "With 'glorot_uniform' it learns no better.",
        (Advice("Use the initialiser 'glorot_uniform' or 'he_normal'.", "", "initializer"),),
    ),
    "init_scale.low": Words(
        "The weights of {place} begin at {value} of what comes in needs",
        "What is put out dies away from layer to layer, and so do the slopes.",
        "With 'glorot_uniform' it learns no better.",
        (Advice("Use the initialiser 'glorot_uniform' or 'he_normal'.", "", "initializer"),),
    ),
    "missing_activation": Words(
        "Nothing that bends lies between {place} and the next layer",
        "Layers without an activation between them can do no more than one layer.",
        "With an activation it learns no better.",
        (Advice("Give hidden layers an activation.", "keras.layers.Dense(64, 'relu')", "activation"),),
    ),
    "batch_size": Words(
        "One row a step",
        "Each step follows a single example, and goes astray with it.",
        "With 32 rows it learns no better.",
        (Advice("Take 32 rows a step.", "model.fit(x, y, batch_size=32)", "batch_size"),),
    ),
    "lr_too_high.updates": Words(
        "A step changes the weights by {value} times their size",
        "Steps this large jump over what they look for.",
        "With a tenth of the rate the loss falls no faster.",
        (_SLOWER,),
    ),
    "lr_too_high.climbed": Words(
        "The loss has climbed to {value} times its best",
        "Steps are so large that they lead out of what was found.",
        "With a tenth of the rate the loss climbs too.",
        (_SLOWER, _CLIP),
    ),
    "lr_too_high.worse": Words(
        "The loss is {value} times that of the beginning",
        "Steps are so large that each makes it worse.",
        "With a tenth of the rate the loss climbs too.",
        (_SLOWER, _CLIP),
    ),
    "lr_too_high.jump": Words(
        "At step {step} one step changed a kernel by {value} times its size",
        "That jump is what the network has not come back from.",
        "With a tenth of the rate the same happens.",
        (_SLOWER, _CLIP),
    ),
    "lr_too_low": Words(
        "A step changes no kernel by more than {value:.1e} of its size",
        "At this rate nearly nothing is learnt in the time there is.",
        "With ten times the rate the loss falls no faster.",
        (_FASTER,),
    ),
    "oscillation": Words(
        "The loss of the same rows jumps by {value:.0%} from look to look",
        "Steps are so large that they jump to and fro across the valley.",
        "With a tenth of the rate it jumps as much.",
        (_SLOWER, Advice("Take more rows a step.", "model.fit(x, y, batch_size=128)", "batch_size")),
    ),
    "dead_relu": Words(
        "Dead units in {place}: {count} of {units}",
        "These units put out 0 for every example: they cannot learn any more.",
        "They put out something for other rows.",
        (_LEAKY, _SLOWER),
    ),
    "saturation": Words(
        "Saturated units in {place}: {count} of {units}",
        "These units sit at an end of their range whatever comes in: they hardly learn any more.",
        "They move when other rows come in.",
        (_NORMALISE, _RELU),
    ),
    "vanishing_gradient": Words(
        "The gradient of {place} is {value:.1e} of that of the last layer",
        "What is to be learnt hardly reaches the first layers.",
        "The first layers change as much as the last.",
        (_RELU, Advice("Use fewer layers, or connections that skip some.", "")),
    ),
    "exploding_gradient.sudden": Words(
        "The gradient is {value} times as large as usual",
        "One such step can undo all that was learnt.",
        "The loss goes on falling.",
        (_CLIP, _SLOWER),
    ),
    "exploding_gradient.growth": Words(
        "The gradient of {place} is {value} times that of the last layer",
        "It grows on its way back, so that the first layers are thrown about.",
        "The first layers change as much as the last.",
        (_CLIP, _SLOWER),
    ),
    "nan": Words(
        "NaN or infinity in {place}",
        "From here on nothing can be learnt: every number that it touches is lost.",
        "All weights are finite.",
        (_SLOWER, _CLIP),
    ),
    "constant_output": Words(
        "The same answer whatever is asked: outputs spread by {value:.1e}",
        "The network does not use its input.",
        "The outputs of two rows differ.",
        (_SLOWER,),
    ),
    "plateau": Words(
        "No better than guessing: the loss is {value:.0%} of that of the best constant answer",
        "It has learnt nothing that depends on the input.",
        "The loss falls when it trains on.",
        (_FASTER, _SLOWER, Advice("See that x and y belong together.", "")),
    ),
    "loss_metric_disagree": Words(
        "The loss falls, but the classes are told no better than by chance",
        "What the loss rewards is not what is asked.",
        "The balanced accuracy rises.",
        (Advice("See that loss, output and targets belong together.", ""),),
    ),
    "over_regularised.dropout": Words(
        "Dropout leaves out {value:.0%} of {place}",
        "Little is left to learn with.",
        "With less dropout it learns no better.",
        (Advice("Leave out 20 to 50 %.", "keras.layers.Dropout(0.3)", "dropout"),),
    ),
    "over_regularised.penalty": Words(
        "The penalty is {value:.0%} of the loss",
        "The network is mainly taught to have small weights.",
        "With a tenth of the penalty it learns no better.",
        (Advice("Use a smaller penalty.", "keras.regularizers.L2(1e-4)", "penalty"),),
    ),
    "over_regularised.collapsed": Words(
        "The penalty has left {value:.1e} of the weights",
        "The network was mainly taught to have small weights.",
        "With a tenth of the penalty it learns no better.",
        (Advice("Use a smaller penalty.", "keras.regularizers.L2(1e-4)", "penalty"),),
    ),
    "overfit.heart": Words(
        "Every training row is known by heart, others are told at {value:.0%} of the loss of guessing",
        "There is nothing left to learn from these rows ({per_row} weights for each row).",
        "Trained on more rows it is no better on others.",
        (Advice("Use more data, fewer weights, or dropout.", "", "dropout"),),
    ),
    "overfit": Words(
        "Over-fitting since epoch {epoch}: the validation loss has risen by {value:.2g}",
        "It learns the training rows by heart ({per_row} weights for each row) and gets worse on others.",
        "The validation loss falls below its best again.",
        (
            Advice(
                "Stop when it is at its best.",
                "keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)",
                "early_stop",
            ),
            Advice("Use more data, fewer weights, or dropout.", "", "dropout"),
        ),
    ),
    "too_few_epochs": Words(
        "Still learning: the last fifth brought {value:.0%} of all that was gained",
        "It was stopped too early.",
        "Trained on, the loss stays where it is.",
        (Advice("Train on.", "model.fit(x, y, epochs=20)", ""), _FASTER),
    ),
    "underfit": Words(
        "It has stopped learning at {value:.0%} of the loss of guessing",
        "Nothing wrong was found: perhaps the network is too small, or the rows do not tell more.",
        "A larger network ends at the same loss.",
        (Advice("Use more units or layers; give it more to go by.", ""),),
    ),
}
