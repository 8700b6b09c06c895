def words(query: str) -> list[str]:
    return query.lower().split()


def matches(title: str, query: str) -> bool:
    return all(word in title.lower() for word in words(query))
