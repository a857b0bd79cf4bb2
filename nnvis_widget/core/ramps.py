"""Colours for numbers. Its twin is js/src/theme/ramps.ts; both are read against tests/contract/ramps.json."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

Theme = Literal["light", "dark"]
RampName = Literal["value", "gradient", "magnitude", "pixel"]

RAMP_SIZE = 257

STOPS: dict[Theme, dict[RampName, str]] = {
    "light": {
        "value": "9c3d00 cf5d0e ee8f48 f9c9a2 f0f1f2 b5d4ec 67a9d9 2677b4 0a467d",
        "gradient": "5f1f6b 8c56a0 b996c6 e2d3e8 f1f1f2 cfe8cb 93cc8f 459a53 14602c",
        "magnitude": "f3f4f5 cfe7e1 8fcabe 459f94 12706b 053f3c",
        "pixel": "ffffff 1d2127",
    },
    "dark": {
        "value": "ffc48f f59a4c c06a24 6d4122 2b2d30 23496a 2f7ab2 5caee8 b0dcff",
        "gradient": "efc4fb c78cda 8f5aa1 50385a 2b2d30 264a2c 3f8049 6fc079 b4f0b5",
        "magnitude": "27292c 1c4442 216c67 319990 74ccbf c9f3e9",
        "pixel": "151617 f2f4f6",
    },
}
# Björn Ottosson, A perceptual color space for image processing (2020).
_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ]
)
_FROM_LAB = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.291485548],
    ]
)
_FROM_LMS = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.707614701],
    ]
)


@cache
def ramp(name: RampName, theme: Theme) -> np.ndarray:
    """The colours of a ramp: uint8 `(257, 3)`, read-only, interpolated in OKLab between the stops of the design."""
    stops = np.array([list(bytes.fromhex(stop)) for stop in STOPS[theme][name].split()]) / 255
    lab = np.cbrt(_linear(stops) @ _TO_LMS.T) @ _TO_LAB.T
    place = np.arange(RAMP_SIZE) / (RAMP_SIZE - 1) * (len(lab) - 1)
    left = np.minimum(len(lab) - 2, place.astype(int))
    mixed = lab[left] + (lab[left + 1] - lab[left]) * (place - left)[:, None]
    light = np.maximum(0, (mixed @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T)
    # rounds halves upwards, as JavaScript does
    colors = np.clip(np.floor(255 * _gamma(light) + 0.5), 0, 255).astype(np.uint8)
    colors.flags.writeable = False
    return colors


def ramp_index(share: np.ndarray) -> np.ndarray:
    """Where shares 0..1 lie in a ramp, 0 to 256, beyond the ends at the ends; NaN is not allowed."""
    index: np.ndarray = np.clip(np.floor(np.asarray(share, np.float64) * (RAMP_SIZE - 1) + 0.5), 0, RAMP_SIZE - 1)
    return index.astype(np.int64)


def is_light(colors: np.ndarray) -> np.ndarray:
    """Whether black text reads better than white on colours, uint8 `(…, 3)`."""
    luminance = _linear(np.asarray(colors) / 255) @ np.array([0.2126, 0.7152, 0.0722])
    answer: np.ndarray = luminance > 0.179
    return answer


def _linear(channel: np.ndarray) -> np.ndarray:
    return np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)


def _gamma(channel: np.ndarray) -> np.ndarray:
    return np.where(channel <= 0.0031308, 12.92 * channel, 1.055 * channel ** (1 / 2.4) - 0.055)
