"""What is wrong with a body, place by place, in words for whoever wrote the client."""

from pydantic import ValidationError

# pydantic's kinds of errors; what a place must be, as it reads after "odds.1.price: ".
_MUST_BE = {
    "missing": "is needed",
    "string_type": "a text",
    "string_too_short": "a text of at least {min_length} characters",
    "string_too_long": "a text of at most {max_length} characters",
    "string_pattern_mismatch": "a text that matches {pattern}",
    "string_unicode": "a text in UTF-8",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "bool_type": "true or false",
    "enum": "one of {expected}",
    "list_type": "a list",
    "too_short": "a list of at least {min_length}",
    "too_long": "a list of at most {max_length}",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def by_place(error: ValidationError) -> dict[str, str]:
    """Return what is wrong, place -> sentence; "body" is the whole."""
    wrong = error.errors(include_url=False, include_input=False)
    return {
        ".".join(str(part) for part in each["loc"]) or "body": _MUST_BE.get(each["type"], each["msg"]).format_map(
            each.get("ctx", {})
        )
        for each in wrong
    }
