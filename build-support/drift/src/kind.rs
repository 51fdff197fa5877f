//! Every kind of change, as a table.

/// What a kind applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Values that travel in requests, in responses, or both: a rule for each.
    Value,
    /// A part of the contract.
    Part(&'static str),
}

/// A line of the table.
#[derive(Debug)]
pub(super) struct Row {
    pub scope: Scope,
    /// Rule names: of requests, of responses, of both, and without a direction.
    pub ids: [&'static str; 4],
    pub title: &'static str,
    pub explanation: &'static str,
    pub example: &'static str,
}

macro_rules! scope {
    (value) => {
        Scope::Value
    };
    ($area:ident) => {
        Scope::Part(stringify!($area))
    };
}

macro_rules! kinds {
    ($($kind:ident $scope:ident $name:literal, $title:literal, $explanation:expr, $example:literal;)*) => {
        /// A kind of change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(super) enum Kind { $($kind),* }

        impl Kind {
            /// Every kind, in the order of declaration.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// Its line.
            pub fn row(self) -> &'static Row {
                &ROWS[self as usize]
            }
        }

        static ROWS: &[Row] = &[$(Row {
            scope: scope!($scope),
            ids: [
                concat!("request-", $name),
                concat!("response-", $name),
                concat!("schema-", $name),
                $name,
            ],
            title: $title,
            explanation: $explanation,
            example: $example,
        }),*];
    };
}

const FEWER: &str = "Fewer values are accepted. In a request this breaks clients that send the others. In a response it breaks nothing.";
const MORE: &str = "More values are accepted. In a response this breaks clients that cannot read the new ones. In a request it breaks nothing.";
const OTHERS: &str =
    "Some values are newly accepted and others newly rejected, which breaks both directions.";
const REWRITTEN: &str =
    "The same value is written as another text, so one side no longer understands the other.";

kinds! {
    TypeNarrowed value "type-narrowed", "the type was narrowed", FEWER,
        "`type: number` → `type: integer`";
    TypeWidened value "type-widened", "the type was widened", MORE,
        "`type: integer` → `type: number`";
    TypeChanged value "type-changed", "the type was changed", OTHERS,
        "`type: string` → `type: integer`";
    NullAdded value "null-added", "null became allowed",
        "The value may now be null. Who reads it must expect that. Who sends it may ignore it.",
        "`type: string` → `type: [string, 'null']`";
    NullRemoved value "null-removed", "null is no longer allowed",
        "The value may no longer be null. Null is rejected where it is sent, and never found where it is read.",
        "`type: [string, 'null']` → `type: string`";
    ConstraintsAdded value "constraints-added", "a value that could be anything was given a schema", FEWER,
        "`{}` → `{type: string}`";
    ConstraintsRemoved value "constraints-removed", "the schema of a value was removed, so it can be anything", MORE,
        "`{type: string}` → `{}`";
    ValueForbidden value "value-forbidden", "no value is accepted any more", FEWER,
        "`{}` → `false`";
    ValueAllowed value "value-allowed", "values are accepted where none was", MORE,
        "`false` → `{}`";
    ValuesNarrowed value "values-narrowed", "keywords together accept fewer values", FEWER,
        "`not: {enum: [a], minLength: 2}` → `not: {enum: [a]}`";
    ValuesWidened value "values-widened", "keywords together accept more values", MORE,
        "`not: {enum: [a]}` → `not: {enum: [a], minLength: 2}`";
    EnumValueAdded value "enum-value-added", "a value was added to an enum",
        "Who sends may use the new value. Who reads must expect it, unless the policy says that such enums are read openly.",
        "`enum: [a]` → `enum: [a, b]`";
    EnumValueRemoved value "enum-value-removed", "a value was removed from an enum",
        "The old value is rejected where it is sent, and never found where it is read.",
        "`enum: [a, b]` → `enum: [a]`";
    EnumAdded value "enum-added", "the values were limited to a list", FEWER,
        "`type: string` → `type: string, enum: [a]`";
    EnumRemoved value "enum-removed", "the list of values was removed", MORE,
        "`type: string, enum: [a]` → `type: string`";
    ConstChanged value "const-changed", "the only accepted value changed", OTHERS,
        "`const: a` → `const: b`";
    KnownValueAdded value "known-value-added", "a value was added to an extensible enum",
        "Readers of an extensible enum expect values they do not know.",
        "`x-extensible-enum: [a]` → `x-extensible-enum: [a, b]`";
    KnownValueRemoved value "known-value-removed", "a value was removed from an extensible enum",
        "The old value may be rejected where it is sent, and is never found where it is read.",
        "`x-extensible-enum: [a, b]` → `x-extensible-enum: [a]`";
    SchemaUnreadable schema "schema-unreadable", "the value of a keyword is not valid",
        "What it means is not defined, and tools read it in different ways. People have to judge.",
        "`type: string` → `type: strng`";
    FormatNarrowed value "format-narrowed", "the format was narrowed", FEWER,
        "`format: int64` → `format: int32`";
    FormatWidened value "format-widened", "the format was widened", MORE,
        "`format: uuid` → no format";
    FormatChanged value "format-changed", "the format was changed",
        "The text or number follows other rules. A format that no specification defines can only be decided by people.",
        "`format: date` → `format: uuid`";
    PatternNarrowed value "pattern-narrowed", "the pattern was narrowed", FEWER,
        "no pattern → `pattern: '^[a-z]+$'`";
    PatternWidened value "pattern-widened", "the pattern was widened", MORE,
        "`pattern: '^[a-z]+$'` → no pattern";
    PatternChanged value "pattern-changed", "the pattern was changed",
        "The text must match another pattern. Where it cannot be shown that one pattern includes the other, people have to decide.",
        "`pattern: '^[a-z]+$'` → `pattern: '^[0-9]+$'`";
    MinimumNarrowed value "minimum-narrowed", "the lower bound was narrowed", FEWER,
        "`minimum: 1` → `minimum: 5`";
    MinimumWidened value "minimum-widened", "the lower bound was widened", MORE,
        "`minimum: 5` → `minimum: 1`";
    MaximumNarrowed value "maximum-narrowed", "the upper bound was narrowed", FEWER,
        "`maximum: 9` → `maximum: 5`";
    MaximumWidened value "maximum-widened", "the upper bound was widened", MORE,
        "`maximum: 5` → `maximum: 9`";
    MinLengthNarrowed value "min-length-narrowed", "the shortest length was narrowed", FEWER,
        "`minLength: 1` → `minLength: 2`";
    MinLengthWidened value "min-length-widened", "the shortest length was widened", MORE,
        "`minLength: 2` → `minLength: 1`";
    MaxLengthNarrowed value "max-length-narrowed", "the greatest length was narrowed", FEWER,
        "`maxLength: 9` → `maxLength: 5`";
    MaxLengthWidened value "max-length-widened", "the greatest length was widened", MORE,
        "`maxLength: 5` → `maxLength: 9`";
    MinItemsNarrowed value "min-items-narrowed", "the fewest items were narrowed", FEWER,
        "`minItems: 0` → `minItems: 1`";
    MinItemsWidened value "min-items-widened", "the fewest items were widened", MORE,
        "`minItems: 1` → `minItems: 0`";
    MaxItemsNarrowed value "max-items-narrowed", "the most items were narrowed", FEWER,
        "`maxItems: 9` → `maxItems: 5`";
    MaxItemsWidened value "max-items-widened", "the most items were widened", MORE,
        "`maxItems: 5` → `maxItems: 9`";
    MinPropertiesNarrowed value "min-properties-narrowed", "the fewest properties were narrowed", FEWER,
        "`minProperties: 0` → `minProperties: 1`";
    MinPropertiesWidened value "min-properties-widened", "the fewest properties were widened", MORE,
        "`minProperties: 1` → `minProperties: 0`";
    MaxPropertiesNarrowed value "max-properties-narrowed", "the most properties were narrowed", FEWER,
        "`maxProperties: 9` → `maxProperties: 5`";
    MaxPropertiesWidened value "max-properties-widened", "the most properties were widened", MORE,
        "`maxProperties: 5` → `maxProperties: 9`";
    UniqueItemsNarrowed value "unique-items-narrowed", "whether items may repeat was narrowed", FEWER,
        "`uniqueItems: false` → `uniqueItems: true`";
    UniqueItemsWidened value "unique-items-widened", "whether items may repeat was widened", MORE,
        "`uniqueItems: true` → `uniqueItems: false`";
    MultipleOfNarrowed value "multiple-of-narrowed", "the step between numbers was narrowed", FEWER,
        "`multipleOf: 5` → `multipleOf: 10`";
    MultipleOfWidened value "multiple-of-widened", "the step between numbers was widened", MORE,
        "`multipleOf: 10` → `multipleOf: 5`";
    MultipleOfChanged value "multiple-of-changed", "the step between numbers was changed", OTHERS,
        "`multipleOf: 4` → `multipleOf: 6`";
    ContentNarrowed value "content-narrowed", "what a string holds was narrowed", FEWER,
        "no `contentEncoding` → `contentEncoding: base64`";
    ContentWidened value "content-widened", "what a string holds was widened", MORE,
        "`contentEncoding: base64` → none";
    ContentChanged value "content-changed", "what a string holds was changed", OTHERS,
        "`contentEncoding: base64` → `contentEncoding: base16`";
    ContainsNarrowed value "contains-narrowed", "what an array must contain was narrowed", FEWER,
        "no `contains` → `contains: {const: a}`";
    ContainsWidened value "contains-widened", "what an array must contain was widened", MORE,
        "`contains: {const: a}` → none";
    ContainsChanged value "contains-changed", "what an array must contain was changed", OTHERS,
        "`contains: {const: a}` → `contains: {const: b}`";
    PropertyAdded value "property-added", "an optional property was added",
        "Who sends may leave it out. Who reads may ignore it. Where the object was closed, a strict reader rejects it.",
        "`properties: {a: …}` → `properties: {a: …, b: …}`";
    RequiredPropertyAdded value "required-property-added", "a required property was added",
        "Who sends must add it, and fails until then. Who reads may ignore it.",
        "`properties: {a: …}` → `properties: {a: …, b: …}, required: [b]`";
    PropertyRemoved value "property-removed", "an optional property was removed",
        "Where it is sent it is ignored, or rejected if the object is closed. Where it is read it is missing.",
        "`properties: {a: …, b: …}` → `properties: {a: …}`";
    RequiredPropertyRemoved value "required-property-removed", "a required property was removed",
        "Where it is read it is missing, though clients relied on it. Where it is sent it is ignored, or rejected if the object is closed.",
        "`properties: {a: …}, required: [a]` → `properties: {}`";
    PropertyBecameRequired value "property-became-required", "a property became required",
        "Who sends must no longer leave it out. Who reads can rely on it.",
        "`required: []` → `required: [a]`";
    PropertyBecameOptional value "property-became-optional", "a property became optional",
        "Who reads can no longer rely on it. Who sends may leave it out.",
        "`required: [a]` → `required: []`";
    PropertyHidden value "property-hidden", "a property left this direction",
        "It became readOnly and is no longer sent in requests, or it became writeOnly and is no longer found in responses.",
        "`a: {}` → `a: {readOnly: true}`";
    PropertyShown value "property-shown", "a property came into this direction",
        "It is no longer readOnly and is sent in requests too, or it is no longer writeOnly and is found in responses too.",
        "`a: {readOnly: true}` → `a: {}`";
    AdditionalPropertiesNarrowed value "additional-properties-narrowed", "which other properties may be there was narrowed", FEWER,
        "`additionalProperties: true` → `additionalProperties: false`";
    AdditionalPropertiesWidened value "additional-properties-widened", "which other properties may be there was widened", MORE,
        "`additionalProperties: false` → `additionalProperties: true`";
    PropertyNamesNarrowed value "property-names-narrowed", "how properties may be called was narrowed", FEWER,
        "no `propertyNames` → `propertyNames: {maxLength: 5}`";
    PropertyNamesWidened value "property-names-widened", "how properties may be called was widened", MORE,
        "`propertyNames: {maxLength: 5}` → none";
    DependentNarrowed value "dependent-narrowed", "what one property asks of others was narrowed", FEWER,
        "no `dependentRequired` → `dependentRequired: {a: [b]}`";
    DependentWidened value "dependent-widened", "what one property asks of others was widened", MORE,
        "`dependentRequired: {a: [b]}` → none";
    UnevaluatedNarrowed value "unevaluated-narrowed", "what may be left over was narrowed", FEWER,
        "`unevaluatedItems: true` → `unevaluatedItems: false`";
    UnevaluatedWidened value "unevaluated-widened", "what may be left over was widened", MORE,
        "`unevaluatedItems: false` → `unevaluatedItems: true`";
    AlternativeAdded value "alternative-added", "an alternative was added",
        "Who reads must expect another shape. Who sends may ignore it.",
        "`oneOf: [A]` → `oneOf: [A, B]`";
    AlternativeRemoved value "alternative-removed", "an alternative was removed",
        "That shape is rejected where it is sent, and never found where it is read.",
        "`oneOf: [A, B]` → `oneOf: [A]`";
    UnionNarrowed value "union-narrowed", "values of several alternatives are no longer accepted",
        "Where `anyOf` becomes `oneOf`, a value that fits two alternatives is rejected.",
        "`anyOf: [A, B]` → `oneOf: [A, B]`";
    UnionWidened value "union-widened", "values of several alternatives became accepted",
        "Where `oneOf` becomes `anyOf`, a value may fit two alternatives.",
        "`oneOf: [A, B]` → `anyOf: [A, B]`";
    UnionChanged value "union-changed", "alternatives changed beyond what can be compared",
        "There are too many combinations of alternatives to compare. People have to judge.",
        "`allOf` of many `oneOf` → other ones";
    DiscriminatorAdded value "discriminator-added", "a discriminator was added",
        "A property now says which alternative is meant. The accepted values stay the same.",
        "no `discriminator` → `discriminator: {propertyName: kind}`";
    DiscriminatorRemoved value "discriminator-removed", "the discriminator was removed",
        "No property says any more which alternative is meant. The accepted values stay the same.",
        "`discriminator: {propertyName: kind}` → none";
    DiscriminatorChanged value "discriminator-changed", "another property says which alternative is meant",
        "Who chooses the alternative by the old property chooses wrongly.",
        "`propertyName: kind` → `propertyName: type`";
    DiscriminatorValueAdded value "discriminator-value-added", "an alternative was given another name",
        "Who reads must know the new name. Who sends may ignore it.",
        "`mapping: {a: A}` → `mapping: {a: A, b: A}`";
    DiscriminatorValueRemoved value "discriminator-value-removed", "an alternative lost a name",
        "The old name is rejected where it is sent, and never found where it is read.",
        "`mapping: {a: A, b: A}` → `mapping: {a: A}`";
    NotNarrowed value "not-narrowed", "what is excluded was narrowed", FEWER,
        "no `not` → `not: {const: a}`";
    NotWidened value "not-widened", "what is excluded was widened", MORE,
        "`not: {const: a}` → none";
    NotChanged value "not-changed", "what is excluded was changed", OTHERS,
        "`not: {const: a}` → `not: {const: b}`";
    ConditionNarrowed value "condition-narrowed", "a condition was narrowed", FEWER,
        "no `if` → `if: …, then: …`";
    ConditionWidened value "condition-widened", "a condition was widened", MORE,
        "`if: …, then: …` → none";
    ConditionChanged value "condition-changed", "a condition was changed",
        "The condition applies to other values. What that does to the accepted values is for people to decide.",
        "`if: {required: [a]}` → `if: {required: [b]}`";
    KeywordIdle value "keyword-without-effect", "a keyword has no effect",
        "It speaks of values of another type than the schema accepts, so it rejects none. It may be meant for another type.",
        "`type: string` → `type: string, minimum: 3`";
    ReferenceChanged value "reference-changed", "a reference leads to something else that cannot be read",
        "What it leads to is not part of the document, so whether the values are the same cannot be known.",
        "`$ref: other.yaml` → `$ref: another.yaml`";
    DynamicChanged value "dynamic-reference-changed", "a dynamic reference changed",
        "What it leads to depends on the way it was reached, which a comparison does not follow.",
        "`$dynamicRef: '#a'` → `$dynamicRef: '#b'`";
    DefaultChanged value "default-changed", "the default changed",
        "Who leaves the value out means something else by it now.",
        "`default: 10` → `default: 20`";
    Deprecated value "value-deprecated", "a value was deprecated",
        "It still works. Plan to do without it.",
        "no `deprecated` → `deprecated: true`";
    Undeprecated value "value-undeprecated", "a deprecation was taken back",
        "It is no longer planned to be removed.",
        "`deprecated: true` → none";
    PathParameterRenamed path "path-parameter-renamed", "a path parameter was renamed",
        "Nothing changes on the wire. Generated source changes the argument's name.",
        "`/a/{id}` → `/a/{key}`";
    OperationAdded operation "operation-added", "an operation was added",
        "Clients that follow the base are not affected.",
        "no `GET /a` → `GET /a`";
    OperationRemoved operation "operation-removed", "an operation was removed",
        "Who calls it fails. One that was deprecated, and whose sunset has passed, may go.",
        "`GET /a` → none";
    OperationIdChanged operation "operation-id-changed", "an operation was renamed",
        "Nothing changes on the wire. Generated source changes the method's name.",
        "`operationId: getA` → `operationId: readA`";
    OperationDeprecated operation "operation-deprecated", "an operation was deprecated",
        "It still works. Plan to do without it.",
        "no `deprecated` → `deprecated: true`";
    OperationUndeprecated operation "operation-undeprecated", "a deprecation was taken back",
        "The operation is no longer planned to be removed.",
        "`deprecated: true` → none";
    SunsetChanged operation "sunset-changed", "the sunset date changed",
        "An earlier date leaves clients less time than was promised.",
        "`x-sunset: 2030-01-01` → `x-sunset: 2029-01-01`";
    ParameterAdded parameter "parameter-added", "an optional parameter was added",
        "Who calls may leave it out.",
        "no `limit` → `limit`";
    RequiredParameterAdded parameter "required-parameter-added", "a required parameter was added",
        "Who calls must add it, and fails until then.",
        "no `limit` → `limit`, required";
    ParameterRemoved parameter "parameter-removed", "a parameter was removed",
        "Who still passes it is ignored as a rule, and does not get what was asked for.",
        "`limit` → none";
    ParameterBecameRequired parameter "parameter-became-required", "a parameter became required",
        "Who calls must no longer leave it out.",
        "`required: false` → `required: true`";
    ParameterBecameOptional parameter "parameter-became-optional", "a parameter became optional",
        "Who calls may leave it out.",
        "`required: true` → `required: false`";
    ParameterMoved parameter "parameter-moved", "a parameter moved to another part of the request",
        "The server looks for it elsewhere. In the old place it is ignored, and missed where it is required.",
        "`in: query` → `in: header`";
    ParameterRenamed parameter "parameter-renamed", "a shared parameter has another name",
        "Every operation that refers to it looks for the new name. What is passed under the old one is ignored, and missed where it is required.",
        "`name: X-Key` → `name: Key`";
    ParameterStyleChanged parameter "parameter-style-changed", "a parameter is written in another way", REWRITTEN,
        "`explode: true` → `explode: false`";
    ParameterContentChanged parameter "parameter-content-changed", "a parameter is written as another media type", REWRITTEN,
        "`schema: …` → `content: {application/json: …}`";
    ReservedNarrowed parameter "reserved-narrowed", "reserved characters must be encoded",
        "Who sends them as they are is misunderstood.",
        "`allowReserved: true` → none";
    ReservedWidened parameter "reserved-widened", "reserved characters may be sent as they are",
        "Who encodes them goes on as before.",
        "no `allowReserved` → `allowReserved: true`";
    EmptyValueNarrowed parameter "empty-value-narrowed", "a parameter without a value is rejected",
        "Who sends the name alone fails.",
        "`allowEmptyValue: true` → none";
    EmptyValueWidened parameter "empty-value-widened", "a parameter without a value is accepted",
        "Who sends a value goes on as before.",
        "no `allowEmptyValue` → `allowEmptyValue: true`";
    ParameterUnreadable parameter "parameter-unreadable", "a parameter does not say what it is",
        "Without `name` and `in`, both strings, it cannot be identified. A person has to judge.",
        "no parameter → `{in: query}`";
    ParameterDeprecated parameter "parameter-deprecated", "a parameter was deprecated",
        "It still works. Plan to do without it.",
        "no `deprecated` → `deprecated: true`";
    ParameterUndeprecated parameter "parameter-undeprecated", "a deprecation was taken back",
        "The parameter is no longer planned to be removed.",
        "`deprecated: true` → none";
    BodyAdded body "body-added", "an optional request body was added",
        "Who calls may leave it out.",
        "no `requestBody` → `requestBody`";
    RequiredBodyAdded body "required-body-added", "a required request body was added",
        "Who calls must send one, and fails until then.",
        "no `requestBody` → `requestBody: {required: true}`";
    BodyRemoved body "body-removed", "the request body was removed",
        "What is sent is no longer accepted, or has no effect.",
        "`requestBody` → none";
    BodyBecameRequired body "body-became-required", "the request body became required",
        "Who calls must no longer leave it out.",
        "`required: false` → `required: true`";
    BodyBecameOptional body "body-became-optional", "the request body became optional",
        "Who calls may leave it out.",
        "`required: true` → `required: false`";
    MediaTypeAdded body "media-type-added", "a media type was added",
        "Clients that ask for another one are not affected.",
        "`application/json` → `application/json`, `text/csv`";
    MediaTypeRemoved body "media-type-removed", "a media type was removed",
        "It is rejected where it is sent, and not served where it is asked for.",
        "`application/json`, `text/csv` → `application/json`";
    EncodingChanged body "encoding-changed", "a part of a form is written in another way", REWRITTEN,
        "`encoding: {a: {style: form}}` → `{style: spaceDelimited}`";
    StatusAdded response "status-added", "a status was added",
        "An error status needs no new code. Another success status has to be handled.",
        "`200` → `200`, `202`";
    StatusRemoved response "status-removed", "a status was removed",
        "A client that waits for this success status never gets it. An error that no longer happens breaks nothing.",
        "`200`, `202` → `200`";
    ResponseBodyAdded response "response-body-added", "a response was given a body",
        "Who expects none may ignore it.",
        "`204` without content → with content";
    ResponseBodyRemoved response "response-body-removed", "a response lost its body",
        "Who reads it finds nothing.",
        "`200` with content → without content";
    HeaderAdded response "header-added", "a header was added",
        "Who does not know it ignores it.",
        "no `X-Rate` → `X-Rate`";
    HeaderRemoved response "header-removed", "a header was removed",
        "Who reads it no longer finds it. A required one was always there before.",
        "`X-Rate` → none";
    HeaderBecameRequired response "header-became-required", "a header is always there",
        "Who reads it can rely on it.",
        "`required: false` → `required: true`";
    HeaderBecameOptional response "header-became-optional", "a header may be missing",
        "Who relies on it fails.",
        "`required: true` → `required: false`";
    HeaderDeprecated response "header-deprecated", "a header was deprecated",
        "It is still sent. Plan to do without it.",
        "no `deprecated` → `deprecated: true`";
    HeaderUndeprecated response "header-undeprecated", "a header's deprecation was taken back",
        "The header is no longer planned to be removed.",
        "`deprecated: true` → none";
    LinkAdded response "link-added", "a link was added",
        "Clients that do not follow it are not affected.",
        "no `links` → `links: {next: …}`";
    LinkRemoved response "link-removed", "a link was removed",
        "Who follows it has to find the target in another way.",
        "`links: {next: …}` → none";
    LinkChanged response "link-changed", "a link leads elsewhere",
        "Who follows it arrives at another operation, or with other arguments.",
        "`operationId: a` → `operationId: b`";
    SecurityNarrowed security "security-narrowed", "credentials that were enough are no longer enough",
        "Calls with them are rejected.",
        "no `security` → `security: [{bearer: []}]`";
    SecurityWidened security "security-widened", "other credentials are enough too",
        "Calls as before still work.",
        "`security: [{bearer: []}]` → `security: [{bearer: []}, {key: []}]`";
    SecuritySchemeChanged security "security-scheme-changed", "credentials are obtained elsewhere",
        "A client that has the old addresses in its code asks the wrong server.",
        "`tokenUrl: https://a` → `tokenUrl: https://b`";
    SecuritySchemeAdded security "security-scheme-added", "a security scheme was defined",
        "Defining one requires nothing of clients.",
        "no `securitySchemes` → `{key: …}`";
    SecuritySchemeRemoved security "security-scheme-removed", "a security scheme is no longer defined",
        "Whether this breaks clients depends on what operations require.",
        "`securitySchemes: {key: …}` → none";
    ScopeAdded security "scope-added", "a scope was defined",
        "Defining one requires nothing of clients.",
        "`scopes: {}` → `scopes: {read: …}`";
    ScopeRemoved security "scope-removed", "a scope is no longer defined",
        "A client that asks for it may be given no token.",
        "`scopes: {read: …}` → `scopes: {}`";
    ServerAdded server "server-added", "a server was added",
        "Clients that call another one are not affected.",
        "`servers: [a]` → `servers: [a, b]`";
    ServerRemoved server "server-removed", "a server is no longer named",
        "Calls to it may fail.",
        "`servers: [a, b]` → `servers: [a]`";
    BasePathChanged server "base-path-changed", "every address begins with another path",
        "Who calls the old addresses fails.",
        "`servers: [/v1]` → `servers: [/v2]`";
    ServerVariableChanged server "server-variable-changed", "a server's variable changed",
        "A client that relied on its default, or on a value that was removed, calls another address.",
        "`default: eu` → `default: us`";
    CallbackAdded callback "callback-added", "a callback was added",
        "The server calls somewhere it did not call before.",
        "no `callbacks` → `callbacks: {paid: …}`";
    CallbackRemoved callback "callback-removed", "a callback was removed",
        "Who waits for the call never gets it.",
        "`callbacks: {paid: …}` → none";
    CallbackUrlChanged callback "callback-url-changed", "the server calls another address back",
        "The address is taken from another place, so a client that gives it in the old place is not called.",
        "`{$request.body#/url}` → `{$request.body#/hook}`";
    WebhookAdded webhook "webhook-added", "a webhook was added",
        "The server sends something it did not send before.",
        "no `webhooks` → `webhooks: {paid: …}`";
    WebhookRemoved webhook "webhook-removed", "a webhook was removed",
        "Who waits for it never gets it.",
        "`webhooks: {paid: …}` → none";
    ComponentAdded component "component-added", "a component that nothing uses was added",
        "Nothing changes for clients.",
        "no `components.schemas.A` → `A`";
    ComponentRemoved component "component-removed", "a component that nothing used was removed",
        "Nothing changes on the wire.",
        "`components.schemas.A` → none";
    ComponentChanged component "component-changed", "a component that nothing uses changed",
        "Nothing changes on the wire.",
        "`A: {type: string}` → `A: {type: integer}`";
    DocumentationChanged document "documentation-changed", "what people read changed",
        "Titles, descriptions or examples changed. Nothing changes on the wire.",
        "`summary: Get` → `summary: Read`";
    ExtensionChanged document "extension-changed", "an extension changed",
        "The specification gives `x-` fields no meaning. A tool may.",
        "`x-internal: true` → none";
    TagsChanged document "tags-changed", "an operation moved to other tags",
        "Nothing changes on the wire. Generated source may group it elsewhere.",
        "`tags: [a]` → `tags: [b]`";
    VersionChanged document "version-changed", "the version changed",
        "The contract, or the specification it follows, calls itself by another version.",
        "`version: 1.0.0` → `version: 1.1.0`";
    DialectChanged document "dialect-changed", "the dialect of schemas changed",
        "The same keywords mean something else in another dialect of JSON Schema, and schemas are compared as those of 2020-12. People have to judge.",
        "`$schema` of 2020-12 → `$schema` of draft 7";
    KeyRepeated document "key-repeated", "a key stands twice in one object",
        "Readers differ in which of the two counts. People have to judge.",
        "`{maxLength: 5}` → `{maxLength: 5, maxLength: 4}`";
    ReferenceDangling document "reference-dangling", "a reference leads nowhere",
        "What it stands for cannot be compared, and no generator can read it.",
        "`$ref: '#/components/schemas/A'` → the same without `A`";
    ReferenceFixed document "reference-fixed", "a reference leads somewhere again",
        "What it stands for could not be known from the base.",
        "`$ref` to nowhere → `$ref` to `A`";
}
