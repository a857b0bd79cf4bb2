"""What a page may write, say and get."""

from __future__ import annotations

from ..planting import Break

GATE = "nnvis_widget/widgets/gate.py"
MESSAGES = "tests/dashboard/test_page_messages.py"
LINK = "tests/panels/test_page_link.py"

PAGES = (
    Break(
        "what a person has chosen comes before the language of the page",
        "js/src/session/language.ts",
        'const wanted = typeof chosen === "string" && chosen !== "" ? chosen : languageOf(page);',
        "const wanted = languageOf(page);",
        ("js/tests/language.test.ts::what Python has chosen comes before the page's own",),
    ),
    Break(
        "pages of two languages take no turns with what Python says",
        "nnvis_widget/core/words/language.py",
        "if self._of_page is None:",
        "if self._of_page != language:",
        ("tests/unit/test_language.py::test_the_first_page_that_asks_decides_until_somebody_chooses",),
    ),
    Break(
        "a drawing of a page is looked at before it is taken",
        "nnvis_widget/widgets/point_pad.py",
        "return bool(is_inside and np.isin(rows[:, 2], (0, 1)).all())",
        "return True",
        ("tests/panels/test_pads.py::test_what_is_no_drawing_is_dropped[outside]",),
    ),
    Break(
        "a page writes only what is on the list",
        GATE,
        "return {name: value for name, value in state.items() if name in may_be and may_be[name](widget, value)}",
        "return dict(state)",
        (f"{MESSAGES}::test_each_part_takes_what_a_person_can_do_there_and_nothing_else",),
    ),
    Break(
        "a page writes only values in range",
        GATE,
        "for name, value in state.items() if name in may_be and may_be[name](widget, value)}",
        "for name, value in state.items() if name in may_be}",
        ("tests/property/test_protocol_properties.py::test_the_gate_admits_only_allowed_names_with_values_in_range",),
    ),
    Break(
        "a page writes no trait of a panel's link",
        GATE,
        '"nnvis_widget.PageLink": Rule(says=lambda _: True),',
        '"nnvis_widget.PageLink": Rule('
        'dict.fromkeys(("sent", "title", "words", "_esm", "layout"), lambda *_: True), lambda _: True),',
        (f"{LINK}::test_a_page_can_write_no_trait_of_the_link_and_nonsense_raises_nothing",),
    ),
    Break(
        "what is disabled takes nothing",
        GATE,
        'return not getattr(self._widget, "disabled", False)',
        "return True",
        (f"{MESSAGES}::test_what_is_disabled_takes_nothing",),
    ),
    Break(
        "what is refused goes no further than the gate",
        GATE,
        'self._pass(message, method="update", state=state)',
        'self._pass(message, method="update", state=wanted)',
        ("tests/keras/test_view_messages.py::test_a_refused_value_is_never_echoed_to_other_pages",),
    ),
    Break(
        "every part of what we made has a gate",
        "nnvis_widget/widgets/ownership.py",
        "new += [widget, *own(*parts_of(widget), but=but)]",
        "new += [widget]",
        (f"{MESSAGES}::test_each_part_takes_what_a_person_can_do_there_and_nothing_else",),
    ),
    Break(
        "what a person handed in has no gate of ours",
        "nnvis_widget/widgets/ownership.py",
        "if widget is but or widget.comm is None",
        "if widget.comm is None",
        (
            "tests/panels/test_panel.py::test_what_a_person_gives_a_panel_is_theirs_and_what_they_replace_is_closed_with_it",
        ),
    ),
    Break(
        "a page cannot have painted a drawing that was never sent",
        GATE,
        "_index(taken) and 0 < taken <= sent",
        "_index(taken) and 0 < taken",
        (f"{LINK}::test_what_no_page_would_say_is_dropped",),
    ),
    Break(
        "pages without end are not remembered without end",
        "nnvis_widget/widgets/page_link.py",
        "while len(pages) > MOST_PAGES:",
        "while len(pages) > 10**9:",
        (f"{LINK}::test_pages_without_end_are_not_remembered_without_end",),
    ),
    Break(
        "the number of a request is checked",
        "nnvis_widget/stream/protocol.py",
        "if not INDEX.accepts(request_id) or not isinstance(op, str)",
        "if not isinstance(op, str)",
        (
            "tests/property/test_protocol_properties.py::test_each_operation_is_read_with_its_arguments_and_refused_with_others",
        ),
    ),
    Break(
        "the arguments of a request are checked",
        "nnvis_widget/stream/protocol.py",
        "if not argument.accepts(args[name]):",
        "if argument is None:",
        (
            "tests/property/test_protocol_properties.py"
            "::test_an_argument_of_another_type_or_out_of_range_is_refused_with_what_would_do",
        ),
    ),
    Break(
        "a request of another protocol is refused",
        "nnvis_widget/stream/protocol.py",
        'if not isinstance(content, Mapping) or content.get("v") != PROTOCOL_VERSION:',
        "if not isinstance(content, Mapping):",
        (
            "tests/property/test_protocol_properties.py::test_each_operation_is_read_with_its_arguments_and_refused_with_others",
        ),
    ),
    Break(
        "a page gets no command obeyed that is not offered now",
        "nnvis_widget/widgets/page_requests.py",
        "if op not in source.status.commands:",
        "if op not in BY_NAME:",
        ("tests/keras/test_view_messages.py::test_what_the_state_does_not_allow_is_refused_with_a_reason",),
    ),
    Break(
        "what is refused is answered",
        "nnvis_widget/widgets/page_requests.py",
        'log.debug("page: %s refused: %s", request.op, error)\n'
        "            self._answer(answer_message(request.id, str(error)))",
        'log.debug("page: %s refused: %s", request.op, error)',
        ("tests/keras/test_view_messages.py::test_what_the_state_does_not_allow_is_refused_with_a_reason",),
    ),
    Break(
        "a page names layers of the network only",
        "nnvis_widget/widgets/unfolding.py",
        "unknown = [layer for layer in layers if source is None or not source.structure.has(layer)]",
        "unknown = [layer for layer in layers if layer in ()]",
        ("tests/keras/test_large_models.py::test_a_page_may_name_layers_of_the_network_only",),
    ),
    Break(
        "a flood from a page is held back",
        "nnvis_widget/control/turnstile.py",
        "is_held = is_more or kind in self._passing or not bucket.take(monotonic())",
        "is_held = is_more or kind in self._passing",
        (
            "tests/unit/test_control.py"
            "::test_what_comes_at_a_persons_pace_passes_at_once_and_of_a_flood_the_newest_of_each_kind",
        ),
    ),
    Break(
        "a bucket that is empty gives nothing",
        "nnvis_widget/control/token_bucket.py",
        "if self._left < 1:",
        "if self._left < -(10**9):",
        ("tests/unit/test_control.py::test_a_bucket_gives_what_was_saved_up_and_then_what_flows_in",),
    ),
    Break(
        "of a setting the newest value waits alone",
        "nnvis_widget/control/command_queue.py",
        "self._waiting = [other for other in self._waiting if _newest_of(other) != key]",
        "pass",
        ("tests/unit/test_control.py::test_a_flood_of_one_setting_leaves_its_last_value_only",),
    ),
    Break(
        "commands without end do not wait without end",
        "nnvis_widget/control/command_queue.py",
        ">= MOST_OF_A_KIND:",
        ">= 10**9:",
        ("tests/unit/test_source_core.py::test_of_a_kind_so_many_wait_and_no_more_and_no_other_kind_suffers",),
    ),
    Break(
        "a dashboard ends at 32 panels",
        "nnvis_widget/dashboard/dashboard.py",
        "if count > MOST_PANELS:",
        "if count > 10**9:",
        ("tests/dashboard/test_limits.py::test_adding_ends_at_32_panels_and_says_so_on_the_page_and_in_python",),
    ),
    Break(
        "names in a panel are text, never markup",
        "nnvis_widget/widgets/panels/figures/style.py",
        "return escape(safe_text(str(value)))",
        "return safe_text(str(value))",
        (
            "tests/panels/test_weight_heatmap.py::test_names_are_text_never_markup",
            "tests/panels/test_confusion_matrix.py::test_class_names_are_text_never_markup",
        ),
    ),
    Break(
        "characters that turn or hide text are shown as what they are",
        "nnvis_widget/core/number_text.py",
        r'visible = UNSAFE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)',
        "visible = text",
        ("tests/contract/test_descriptions.py::test_numbers_and_names_are_written_as_on_the_page",),
    ),
    Break(
        "bytes that are no picture write no file",
        "nnvis_widget/widgets/saving.py",
        'if not _is_picture(data, message["format"]):',
        "if not data:",
        ("tests/unit/test_saving.py::test_bytes_that_are_no_such_picture_are_refused_and_write_nothing",),
    ),
    Break(
        "at most two frames are on their way",
        "nnvis_widget/stream/flow.py",
        "return self._is_visible and self.seq - self._drawn < MAX_IN_FLIGHT",
        "return self._is_visible",
        ("tests/unit/test_flow.py::test_two_frames_may_be_in_flight_and_no_more",),
    ),
    Break(
        "a frame that was never sent gives no credit",
        "nnvis_widget/stream/flow.py",
        "if self._drawn < seq <= self.seq:",
        "if self._drawn < seq:",
        ("tests/unit/test_flow.py::test_a_number_that_was_never_sent_gives_no_credit",),
    ),
    Break(
        "a view nobody sees gets no frames",
        "nnvis_widget/stream/flow.py",
        "return self._is_visible and self.seq - self._drawn < MAX_IN_FLIGHT",
        "return self.seq - self._drawn < MAX_IN_FLIGHT",
        ("tests/unit/test_sender.py::test_a_hidden_view_gets_heartbeats_but_no_frame",),
    ),
    Break(
        "a page gets its bytes a second and no more, whatever it asks",
        "nnvis_widget/stream/flow.py",
        "max(self._next_s, self._least_s, self._paid_s) - now_s",
        "max(self._next_s, self._least_s) - now_s",
        ("tests/unit/test_flow.py::test_whatever_a_page_asks_it_gets_thirty_frames_and_its_bytes_a_second",),
    ),
    Break(
        "a silent view hears a heartbeat with the last number",
        "nnvis_widget/stream/sender.py",
        "self._send(heartbeat_message(self._flow.seq, *self._heartbeat()), [])",
        "self._heartbeat()",
        ("tests/unit/test_sender.py::test_a_heartbeat_tells_state_step_and_the_last_number",),
    ),
    Break(
        "a panel out of sight is not drawn",
        "nnvis_widget/widgets/panels/panel.py",
        "if self._news.is_set() and (self._link.is_ready or is_new_page):",
        "if self._news.is_set():",
        (f"{LINK}::test_a_panel_out_of_sight_gets_nothing_and_the_newest_when_it_is_seen_again",),
    ),
    Break(
        "a panel out of sight asks for no snapshots",
        "nnvis_widget/widgets/panels/panel.py",
        "self._watching.follow(self._link.is_seen)",
        "self._watching.follow(True)",
        (f"{LINK}::test_a_panel_out_of_sight_gets_nothing_and_the_newest_when_it_is_seen_again",),
    ),
    Break(
        "a drawing that was lost on its way is sent anew",
        "nnvis_widget/widgets/panels/panel.py",
        "self._link.newcomers += 1",
        "pass",
        (f"{LINK}::test_a_drawing_that_never_came_is_sent_whole_when_the_page_says_again_what_it_shows",),
    ),
    Break(
        "a new page of a panel gets all of it",
        "nnvis_widget/widgets/panels/panel.py",
        "                if newcomers:\n                    self._draw_whole()\n",
        "",
        (f"{LINK}::test_a_new_page_gets_everything_once_more_and_only_then",),
    ),
)
