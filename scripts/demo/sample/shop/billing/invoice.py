from dataclasses import dataclass

from shop.shared.money import shown

TAX = 0.19


@dataclass
class Line:
    title: str
    price: int


def invoice(lines: list[Line]) -> str:
    tax = round(sum(line.price for line in lines) * TAX)
    rows = [f"{line.title} {shown(line.price)}" for line in lines]
    return "\n".join([*rows, f"tax {shown(tax)}"])
