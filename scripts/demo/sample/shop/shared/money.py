def cents(amount: float) -> int:
    return round(amount * 100)


def shown(amount: int) -> str:
    return f"{amount / 100:.2f}"
