//! The tables themselves.

use super::{Field, Kind, Shape};
use crate::version::SpecVersion::{V3_0, V3_1};
use Shape::{
    Any, Bound, Count, Each, Flag, List, Map, Number, One, Ref, Schema, SchemaOrFlag, Text, Types,
    Word,
};

const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: false,
        only: None,
    }
}

const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        required: true,
        ..may(name, shape)
    }
}

const fn new(name: &'static str, shape: Shape) -> Field {
    Field {
        only: Some(V3_1),
        ..may(name, shape)
    }
}

const fn old(name: &'static str, shape: Shape) -> Field {
    Field {
        only: Some(V3_0),
        ..may(name, shape)
    }
}

const TEXTS: Shape = Each(&Text);
const TEXT_MAP: Shape = Map(&Text);
const CONTENT: Shape = Map(&One(Kind::MediaType));
const EXAMPLES: Shape = Map(&Ref(Kind::Example));
const PARAMETERS: Shape = Each(&Ref(Kind::Parameter));
const SECURITY: Shape = Each(&One(Kind::SecurityRequirement));
const SERVERS: Shape = Each(&One(Kind::Server));
const SCHEMAS: Shape = Map(&Schema);
const EXTERNAL_DOCS: Shape = One(Kind::ExternalDocs);

pub(super) fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Callback | Kind::Paths | Kind::SecurityRequirement => &[],
        Kind::Components => COMPONENTS,
        Kind::Contact => CONTACT,
        Kind::Discriminator => DISCRIMINATOR,
        Kind::Document => DOCUMENT,
        Kind::Encoding => ENCODING,
        Kind::Example => EXAMPLE,
        Kind::ExternalDocs => EXTERNAL,
        Kind::Header => HEADER,
        Kind::Info => INFO,
        Kind::License => LICENSE,
        Kind::Link => LINK,
        Kind::MediaType => MEDIA_TYPE,
        Kind::OauthFlow => OAUTH_FLOW,
        Kind::OauthFlows => OAUTH_FLOWS,
        Kind::Operation => OPERATION,
        Kind::Parameter => PARAMETER,
        Kind::PathItem => PATH_ITEM,
        Kind::RequestBody => REQUEST_BODY,
        Kind::Response => RESPONSE,
        Kind::Responses => RESPONSES,
        Kind::Schema => SCHEMA,
        Kind::SecurityScheme => SECURITY_SCHEME,
        Kind::Server => SERVER,
        Kind::ServerVariable => SERVER_VARIABLE,
        Kind::Tag => TAG,
        Kind::Xml => XML,
    }
}

const DOCUMENT: &[Field] = &[
    must("openapi", Text),
    must("info", One(Kind::Info)),
    new("jsonSchemaDialect", Text),
    may("servers", SERVERS),
    may("paths", One(Kind::Paths)),
    new("webhooks", Map(&Ref(Kind::PathItem))),
    may("components", One(Kind::Components)),
    may("security", SECURITY),
    may("tags", Each(&One(Kind::Tag))),
    may("externalDocs", EXTERNAL_DOCS),
];

const INFO: &[Field] = &[
    must("title", Text),
    new("summary", Text),
    may("description", Text),
    may("termsOfService", Text),
    may("contact", One(Kind::Contact)),
    may("license", One(Kind::License)),
    must("version", Text),
];

const CONTACT: &[Field] = &[may("name", Text), may("url", Text), may("email", Text)];

const LICENSE: &[Field] = &[
    must("name", Text),
    new("identifier", Text),
    may("url", Text),
];

const SERVER: &[Field] = &[
    must("url", Text),
    may("description", Text),
    may("variables", Map(&One(Kind::ServerVariable))),
];

const SERVER_VARIABLE: &[Field] = &[
    may("enum", TEXTS),
    must("default", Text),
    may("description", Text),
];

const COMPONENTS: &[Field] = &[
    may("schemas", SCHEMAS),
    may("responses", Map(&Ref(Kind::Response))),
    may("parameters", Map(&Ref(Kind::Parameter))),
    may("examples", EXAMPLES),
    may("requestBodies", Map(&Ref(Kind::RequestBody))),
    may("headers", Map(&Ref(Kind::Header))),
    may("securitySchemes", Map(&Ref(Kind::SecurityScheme))),
    may("links", Map(&Ref(Kind::Link))),
    may("callbacks", Map(&Ref(Kind::Callback))),
    new("pathItems", Map(&Ref(Kind::PathItem))),
];

const PATH_ITEM: &[Field] = &[
    may("summary", Text),
    may("description", Text),
    may("get", One(Kind::Operation)),
    may("put", One(Kind::Operation)),
    may("post", One(Kind::Operation)),
    may("delete", One(Kind::Operation)),
    may("options", One(Kind::Operation)),
    may("head", One(Kind::Operation)),
    may("patch", One(Kind::Operation)),
    may("trace", One(Kind::Operation)),
    may("servers", SERVERS),
    may("parameters", PARAMETERS),
];

const OPERATION: &[Field] = &[
    may("tags", TEXTS),
    may("summary", Text),
    may("description", Text),
    may("externalDocs", EXTERNAL_DOCS),
    may("operationId", Text),
    may("parameters", PARAMETERS),
    may("requestBody", Ref(Kind::RequestBody)),
    may("responses", One(Kind::Responses)),
    may("callbacks", Map(&Ref(Kind::Callback))),
    may("deprecated", Flag),
    may("security", SECURITY),
    may("servers", SERVERS),
];

const EXTERNAL: &[Field] = &[may("description", Text), must("url", Text)];

const PARAMETER: &[Field] = &[
    must("name", Text),
    must("in", Word(&["path", "query", "header", "cookie"])),
    may("description", Text),
    may("required", Flag),
    may("deprecated", Flag),
    may("allowEmptyValue", Flag),
    may(
        "style",
        Word(&[
            "matrix",
            "label",
            "form",
            "simple",
            "spaceDelimited",
            "pipeDelimited",
            "deepObject",
        ]),
    ),
    may("explode", Flag),
    may("allowReserved", Flag),
    may("schema", Schema),
    may("example", Any),
    may("examples", EXAMPLES),
    may("content", CONTENT),
];

const HEADER: &[Field] = &[
    may("description", Text),
    may("required", Flag),
    may("deprecated", Flag),
    may("allowEmptyValue", Flag),
    may("style", Word(&["simple"])),
    may("explode", Flag),
    may("allowReserved", Flag),
    may("schema", Schema),
    may("example", Any),
    may("examples", EXAMPLES),
    may("content", CONTENT),
];

const REQUEST_BODY: &[Field] = &[
    may("description", Text),
    must("content", CONTENT),
    may("required", Flag),
];

const MEDIA_TYPE: &[Field] = &[
    may("schema", Schema),
    may("example", Any),
    may("examples", EXAMPLES),
    may("encoding", Map(&One(Kind::Encoding))),
];

const ENCODING: &[Field] = &[
    may("contentType", Text),
    may("headers", Map(&Ref(Kind::Header))),
    may(
        "style",
        Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"]),
    ),
    may("explode", Flag),
    may("allowReserved", Flag),
];

const RESPONSES: &[Field] = &[may("default", Ref(Kind::Response))];

const RESPONSE: &[Field] = &[
    must("description", Text),
    may("headers", Map(&Ref(Kind::Header))),
    may("content", CONTENT),
    may("links", Map(&Ref(Kind::Link))),
];

const EXAMPLE: &[Field] = &[
    may("summary", Text),
    may("description", Text),
    may("value", Any),
    may("externalValue", Text),
];

const LINK: &[Field] = &[
    may("operationRef", Text),
    may("operationId", Text),
    may("parameters", Map(&Any)),
    may("requestBody", Any),
    may("description", Text),
    may("server", One(Kind::Server)),
];

const TAG: &[Field] = &[
    must("name", Text),
    may("description", Text),
    may("externalDocs", EXTERNAL_DOCS),
];

const DISCRIMINATOR: &[Field] = &[must("propertyName", Text), may("mapping", TEXT_MAP)];

const XML: &[Field] = &[
    may("name", Text),
    may("namespace", Text),
    may("prefix", Text),
    may("attribute", Flag),
    may("wrapped", Flag),
];

const SECURITY_SCHEME: &[Field] = &[
    must(
        "type",
        Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"]),
    ),
    may("description", Text),
    may("name", Text),
    may("in", Word(&["query", "header", "cookie"])),
    may("scheme", Text),
    may("bearerFormat", Text),
    may("flows", One(Kind::OauthFlows)),
    may("openIdConnectUrl", Text),
];

const OAUTH_FLOWS: &[Field] = &[
    may("implicit", One(Kind::OauthFlow)),
    may("password", One(Kind::OauthFlow)),
    may("clientCredentials", One(Kind::OauthFlow)),
    may("authorizationCode", One(Kind::OauthFlow)),
];

const OAUTH_FLOW: &[Field] = &[
    may("authorizationUrl", Text),
    may("tokenUrl", Text),
    may("refreshUrl", Text),
    must("scopes", TEXT_MAP),
];

const SCHEMA: &[Field] = &[
    may("title", Text),
    may("description", Text),
    may("type", Types),
    may("format", Text),
    may("enum", List),
    may("default", Any),
    may("example", Any),
    new("examples", List),
    new("const", Any),
    old("nullable", Flag),
    may("deprecated", Flag),
    may("readOnly", Flag),
    may("writeOnly", Flag),
    may("externalDocs", EXTERNAL_DOCS),
    may("discriminator", One(Kind::Discriminator)),
    may("xml", One(Kind::Xml)),
    // Objects.
    may("properties", SCHEMAS),
    may("required", TEXTS),
    may("additionalProperties", SchemaOrFlag),
    may("minProperties", Count),
    may("maxProperties", Count),
    new("patternProperties", SCHEMAS),
    new("propertyNames", Schema),
    new("unevaluatedProperties", Schema),
    new("dependentSchemas", SCHEMAS),
    new("dependentRequired", Map(&TEXTS)),
    // Lists.
    may("items", Schema),
    new("prefixItems", Each(&Schema)),
    new("unevaluatedItems", Schema),
    new("contains", Schema),
    new("minContains", Count),
    new("maxContains", Count),
    may("minItems", Count),
    may("maxItems", Count),
    may("uniqueItems", Flag),
    // Strings and numbers.
    may("minLength", Count),
    may("maxLength", Count),
    may("pattern", Text),
    may("minimum", Number),
    may("maximum", Number),
    may("exclusiveMinimum", Bound),
    may("exclusiveMaximum", Bound),
    may("multipleOf", Number),
    new("contentEncoding", Text),
    new("contentMediaType", Text),
    new("contentSchema", Schema),
    // Composition.
    may("allOf", Each(&Schema)),
    may("anyOf", Each(&Schema)),
    may("oneOf", Each(&Schema)),
    may("not", Schema),
    new("if", Schema),
    new("then", Schema),
    new("else", Schema),
    // Identity.
    new("$defs", SCHEMAS),
    new("$id", Text),
    new("$schema", Text),
    new("$anchor", Text),
    new("$dynamicAnchor", Text),
    new("$dynamicRef", Text),
    new("$vocabulary", Any),
    new("$comment", Text),
    // Deprecated by JSON Schema, still met.
    new("definitions", SCHEMAS),
];
