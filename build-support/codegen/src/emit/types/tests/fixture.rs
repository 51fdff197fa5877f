//! Small models.

use crate::model::{
    Additional, Api, Docs, Enum, EnumValue, Field, Newtype, Source, Struct, Tag, TypeDef, TypeKind,
    TypeRef, Union, Variant,
};
use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::json;

pub(super) fn api(types: Vec<TypeDef>) -> Api {
    let tag = Tag {
        name: "Cards".to_owned(),
        module: "cards".to_owned(),
        type_name: "Cards".to_owned(),
        description: Some("Issue and manage cards".to_owned()),
    };
    Api {
        title: "Test API".to_owned(),
        version: "1.2.3".to_owned(),
        description: None,
        source: Source {
            path: "openapi/test.yaml".to_owned(),
            sha256: "00ff".to_owned(),
        },
        servers: Vec::new(),
        tags: vec![tag],
        types,
        operations: Vec::new(),
        receivers: Vec::new(),
        security_schemes: Vec::new(),
        constraints: Vec::new(),
    }
}

pub(super) fn def(name: &str, kind: TypeKind) -> TypeDef {
    TypeDef {
        rust_name: name.to_owned(),
        schema_name: name.to_owned(),
        module: "common".to_owned(),
        docs: Docs::default(),
        kind,
    }
}

pub(super) fn field(wire_name: &str, ty: TypeRef) -> Field {
    Field {
        rust_name: match wire_name {
            "type" => "r#type".to_owned(),
            _ => wire_name.to_snake_case(),
        },
        wire_name: wire_name.to_owned(),
        ty,
        required: true,
        nullable: false,
        secret: false,
        default: None,
        required_in: None,
        read_only: false,
        write_only: false,
        docs: Docs::default(),
    }
}

pub(super) fn optional(wire_name: &str, ty: TypeRef) -> Field {
    Field {
        required: false,
        ..field(wire_name, ty)
    }
}

pub(super) fn named(name: &str) -> TypeRef {
    TypeRef::Named(name.to_owned())
}

pub(super) fn object(fields: Vec<Field>) -> TypeKind {
    child(fields, &[])
}

pub(super) fn child(fields: Vec<Field>, parents: &[&str]) -> TypeKind {
    TypeKind::Struct(Struct {
        fields,
        additional: Additional::Ignored,
        parents: parents.iter().map(|&parent| parent.to_owned()).collect(),
        sent: false,
    })
}

/// An object that callers make.
pub(super) fn sent(fields: Vec<Field>) -> TypeKind {
    match object(fields) {
        TypeKind::Struct(shape) => TypeKind::Struct(Struct {
            sent: true,
            ..shape
        }),
        other => other,
    }
}

pub(super) fn listed(values: &[&str], open: bool) -> TypeKind {
    let value = |wire: &&str| EnumValue {
        wire: (*wire).to_owned(),
        rust_name: wire.to_upper_camel_case(),
    };
    TypeKind::Enum(Enum {
        values: values.iter().map(value).collect(),
        open,
    })
}

pub(super) fn one_of(tag: Option<&str>, members: &[&str]) -> TypeKind {
    let variant = |member: &&str| Variant {
        listed: Vec::new(),
        rust_name: (*member).to_owned(),
        tag_values: tag.iter().map(|_| (*member).to_owned()).collect(),
        ty: named(member),
    };
    TypeKind::Union(Union {
        tag: tag.map(str::to_owned),
        variants: members.iter().map(variant).collect(),
        open: false,
    })
}

fn described(description: &str, field: Field) -> Field {
    let docs = Docs {
        description: Some(description.to_owned()),
        ..field.docs
    };
    Field { docs, ..field }
}

/// Most of what a struct can hold.
pub(super) fn card() -> Api {
    let example = |value| Docs {
        examples: vec![value],
        ..Docs::default()
    };
    let mut types = vec![
        def(
            "Card",
            object(vec![
                field("id", named("CardId")),
                field("type", TypeRef::String),
                described(
                    "What stands on the plastic, e.g. [Jane]",
                    optional("name", TypeRef::String),
                ),
                Field {
                    nullable: true,
                    ..field("closedAt", TypeRef::DateTime)
                },
                Field {
                    nullable: true,
                    ..field("note", TypeRef::String)
                },
                field("createdAt", TypeRef::DateTime),
                optional("updatedAt", TypeRef::DateTime),
                Field {
                    default: Some(json!(3)),
                    ..optional("retries", TypeRef::I32)
                },
                optional("odd_NAME", TypeRef::Decimal),
                Field {
                    secret: true,
                    write_only: true,
                    ..optional("pin", TypeRef::String)
                },
            ]),
        ),
        def(
            "CardId",
            TypeKind::Newtype(Newtype {
                inner: named("UUID"),
            }),
        ),
        def("UUID", TypeKind::External("::uuid::Uuid".to_owned())),
        def(
            "Address",
            object(vec![
                Field {
                    docs: example(json!("18 Harbour Row")),
                    ..field("firstLine", TypeRef::String)
                },
                Field {
                    docs: example(json!("BS1 4RN")),
                    ..optional("postCode", TypeRef::String)
                },
            ]),
        ),
        def(
            "Addresses",
            TypeKind::Alias(TypeRef::Array(Box::new(named("Address")))),
        ),
    ];
    for ty in &mut types {
        ty.module = "cards".to_owned();
    }
    types[1].docs.description = Some("Identifies cards".to_owned());
    api(types)
}

/// Events like those of webhooks.
pub(super) fn events(open: bool) -> Api {
    let base = || {
        vec![
            field("eventId", TypeRef::Uuid),
            field("webhookType", named("WebhookType")),
        ]
    };
    let card = || vec![field("id", TypeRef::Uuid), field("name", TypeRef::String)];
    let account = || vec![field("id", TypeRef::String)];
    let variant = |name: &str, tag: &str| Variant {
        listed: Vec::new(),
        rust_name: name.to_owned(),
        tag_values: vec![tag.to_owned()],
        ty: named(name),
    };
    let mut types = vec![
        def(
            "WebhookEvent",
            TypeKind::Union(Union {
                tag: Some("webhookType".to_owned()),
                variants: vec![
                    variant("CardUpdate", "card.updated"),
                    variant("AccountUpdate", "account.updated"),
                ],
                open,
            }),
        ),
        def(
            "WebhookType",
            listed(&["card.updated", "account.updated"], open),
        ),
        def("CardUpdate", child([base(), card()].concat(), &["Card"])),
        def(
            "AccountUpdate",
            child([base(), account()].concat(), &["Account"]),
        ),
    ];
    for ty in &mut types {
        ty.module = "webhooks".to_owned();
    }
    types.push(def("Card", object(card())));
    types.push(def("Account", object(account())));
    api(types)
}

/// Members that differ by their shape.
pub(super) fn shapes() -> Api {
    api(vec![
        def("Shape", one_of(None, &["Circle", "Name"])),
        def("Circle", object(vec![field("radius", TypeRef::F64)])),
        def("Name", TypeKind::Alias(TypeRef::String)),
    ])
}
