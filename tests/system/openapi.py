# SPDX-License-Identifier: Apache-2.0
"""
openapi - holds what a server says against docs/openapi.json.

A small JSON Schema reader: the keywords the document uses, and no others (an unknown one is a fault
of the document). Stricter than the standard in one thing: an object may not have a property that
its schema does not name, unless additionalProperties says so. Otherwise nobody would notice what is
missing from the document.
"""
import json
import re

KEYWORDS = {"type", "enum", "const", "properties", "required", "additionalProperties", "items",
            "oneOf",
            "anyOf", "allOf", "pattern", "format", "minimum", "maximum", "minLength", "maxLength",
            "minItems", "maxItems", "description", "examples", "title", "$ref", "default",
            "deprecated"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
# What the reader of HTTP refuses before anybody knows what is asked: a problem without a code.
BARE = {400, 408, 413, 414, 417, 431, 501, 503, 505}
METHODS = {"get", "post", "delete", "put", "patch"}


class Fault(AssertionError):
    pass


def is_of(value, name):
    if name in ("integer", "number"):
        is_number = isinstance(value, int if name == "integer" else (int, float))
        return is_number and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


class Document:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.root = json.load(file)
        self.patterns = []
        for template in self.root["paths"]:
            pattern = "/".join("[^/]+" if part.startswith("{") else re.escape(part)
                               for part in template.split("/"))
            self.patterns.append((template.count("{"), re.compile(pattern), template))
        self.patterns.sort(key=lambda p: p[0])  # a literal path before one with parameters
        self.seen = set()  # (method, template, status)

    def operations(self):
        return [(method.upper(), template, operation)
                for template, item in self.root["paths"].items()
                for method, operation in item.items() if method in METHODS]

    def follow(self, node):
        while isinstance(node, dict) and "$ref" in node:
            found = self.root
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            node = found
        return node

    # ---- one value against one schema --------------------------------------------------------

    def check(self, value, schema, where="answer"):
        schema = self.follow(schema)
        strange = set(schema) - KEYWORDS
        if strange:
            raise Fault(f"{where}: the document uses {strange}, which openapi.py does not know")
        for name in ("oneOf", "anyOf", "allOf"):
            if name in schema:
                self.check_many(value, name, schema[name], where)
        if "type" in schema:
            names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            if not any(is_of(value, name) for name in names):
                raise Fault(f"{where}: {value!r} is not {' or '.join(names)}")
        if "enum" in schema and value not in schema["enum"]:
            raise Fault(f"{where}: {value!r} is none of {schema['enum']}")
        if "const" in schema and value != schema["const"]:
            raise Fault(f"{where}: {value!r} is not {schema['const']!r}")
        if isinstance(value, str):
            self.check_text(value, schema, where)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                raise Fault(f"{where}: {value} is out of bounds")
        elif isinstance(value, list):
            self.check_list(value, schema, where)
        elif isinstance(value, dict):
            self.check_object(value, schema, where)

    def check_many(self, value, name, schemas, where):
        faults = []
        for schema in schemas:
            try:
                self.check(value, schema, where)
            except Fault as fault:
                faults.append(str(fault))
        held = len(schemas) - len(faults)
        if held < {"oneOf": 1, "anyOf": 1,
                   "allOf": len(schemas)}[name] or (name == "oneOf" and held > 1):
            raise Fault(f"{where}: {held} of {name} hold; {'; '.join(faults)}")

    def check_text(self, value, schema, where):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            raise Fault(f"{where}: {value!r} does not match {schema['pattern']}")
        if schema.get("format") == "date-time" and not INSTANT.fullmatch(value):
            raise Fault(f"{where}: {value!r} is no RFC 3339 instant")
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            raise Fault(f"{where}: {value!r} has a wrong length")

    def check_list(self, value, schema, where):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            raise Fault(f"{where}: {len(value)} items")
        for i, item in enumerate(value):
            self.check(item, schema.get("items", {}), f"{where}[{i}]")

    def check_object(self, value, schema, where):
        properties = schema.get("properties", {})
        for name in schema.get("required", []):
            if name not in value:
                raise Fault(f"{where}: {name} is missing")
        for name, item in value.items():
            if name in properties:
                self.check(item, properties[name], f"{where}.{name}")
            elif "properties" in schema and "additionalProperties" not in schema:
                raise Fault(f"{where}: {name} is not documented")
            elif isinstance(schema.get("additionalProperties"), dict):
                self.check(item, schema["additionalProperties"], f"{where}.{name}")
            elif schema.get("additionalProperties") is False:
                raise Fault(f"{where}: {name} may not be there")

    # ---- one exchange ------------------------------------------------------------------------

    def find(self, path):
        for _, pattern, template in self.patterns:
            if pattern.fullmatch(path):
                return template
        return None

    def hold(self, method, target, body, headers, reply, is_ours=True):
        path, _, query = target.partition("?")
        if not is_ours or not path.startswith(("/v1/", "/healthz", "/readyz", "/metrics",
                                               "/notice")):
            return
        template = self.find(path)
        item = self.root["paths"].get(template, {})
        operation = item.get("get" if method == "HEAD" else method.lower())
        where = f"{method} {path} {reply.status}"
        if operation is None:
            if reply.status not in (400, 401, 404, 405, 414, 501):
                raise Fault(f"{where}: not documented")
            return
        is_problem = reply.headers.get("Content-Type") == "application/problem+json"
        is_shed = reply.status == 503 and reply.body == b""  # at the door, with nothing read
        if is_shed or is_problem and reply.status in BARE and b'"code"' not in reply.body:
            return
        self.seen.add((method, template, reply.status))
        self.hold_query(operation, query, where)
        answer = self.follow(operation["responses"].get(str(reply.status)))
        if answer is None:
            raise Fault(f"{where}: this status is not documented: {reply}")
        self.hold_headers(answer, reply, where)
        if method != "HEAD":
            self.hold_body(answer, reply, where)
        if reply.status < 300:
            self.hold_request(operation, body, headers, where)

    def hold_query(self, operation, query, where):
        known = {self.follow(p)["name"] for p in operation.get("parameters", [])
                 if self.follow(p)["in"] == "query"}
        for pair in filter(None, query.split("&")):
            if pair.split("=")[0] not in known:
                raise Fault(f"{where}: parameter {pair} is not documented")

    def hold_headers(self, answer, reply, where):
        for name, header in answer.get("headers", {}).items():
            if self.follow(header).get("required") and name not in reply.headers:
                raise Fault(f"{where}: header {name} is missing")

    def hold_body(self, answer, reply, where):
        content = answer.get("content", {})
        kind = (reply.headers.get("Content-Type") or "").split(";")[0].strip()
        if not content:
            if reply.body:
                raise Fault(f"{where}: a body that is not documented: {reply}")
            return
        if kind not in content:
            raise Fault(f"{where}: content type {kind} is not documented")
        schema = content[kind].get("schema", {})
        if kind == "application/x-ndjson":
            for line in reply.body.splitlines():
                self.check(json.loads(line), schema, where)
        elif kind.endswith("json"):
            self.check(json.loads(reply.body), schema, where)

    def hold_request(self, operation, body, headers, where):
        """What was accepted has to be a request that the document allows."""
        if body and headers.get("Content-Type", "").startswith("application/json"):
            content = self.follow(operation.get("requestBody", {})).get("content", {})
            if "application/json" not in content:
                raise Fault(f"{where}: takes a body that is not documented")
            self.check(json.loads(body), content["application/json"]["schema"], where + " request")

    def hold_event(self, name, data):
        schemas = self.root["components"]["schemas"]
        known = {"listing": "ListingEvent", "appeal": "AppealEvent",
                 "incident": "IncidentEvent", "report": "ReportEvent",
                 "order": "OrderEvent", "receipt": "ReceiptEvent",
                 "round": "RoundEvent", "share": "ShareEvent", "tip": "TipEvent"}
        if name not in known:
            raise Fault(f"event {name} is not documented")
        self.check(data, schemas[known[name]], "event " + name)
