"""Parts that several panels, or one large one, are put together from."""
