"""Bodies: JSON objects of declared fields, and nothing else."""

from typing import IO, Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

NO_JSON = "The body is not JSON that can be read."


class JsonBody(JSONParser):
    """JSON, and a sentence for what is none, however deep it is nested."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (ParseError, RecursionError) as error:
            raise ParseError(NO_JSON) from error


class Body(serializers.Serializer[Any]):
    """A field that is not declared is refused: a misspelt one would else be a change that silently did not happen."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = {name: [f"There is no such field here. There are: {', '.join(self.fields)}."]
                       for name in data if name not in self.fields}  # fmt: skip
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)
