//! The tables themselves.

use super::field::{Field, Kind, METHODS, Shape, may, must, new};
use super::keywords::SCHEMA;
use Shape::{Any, Each, Flag, Map, One, Ref, Schema, Text, Word};

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
        Kind::PathItem => &PATH_ITEM,
        Kind::RequestBody => REQUEST_BODY,
        Kind::Response => RESPONSE,
        Kind::Responses => RESPONSES,
        Kind::Schema => &SCHEMA,
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

const PATH_ITEM: [Field; 4 + METHODS.len()] = {
    let mut fields = [may("summary", Text); 4 + METHODS.len()];
    fields[1] = may("description", Text);
    fields[2] = may("servers", SERVERS);
    fields[3] = may("parameters", PARAMETERS);
    let mut at = 0;
    while at < METHODS.len() {
        fields[4 + at] = may(METHODS[at], One(Kind::Operation));
        at += 1;
    }
    fields
};

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
