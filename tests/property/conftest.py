"""No case has a deadline: no test asserts a time, and a busy machine takes longer for nothing."""

from hypothesis import settings

settings.register_profile("nnvis", deadline=None)
settings.load_profile("nnvis")
