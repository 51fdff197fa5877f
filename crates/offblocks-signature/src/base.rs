//! The signature base (RFC 9421, section 2.5): the text that is signed.

use crate::component::Component;
use crate::component_error::ComponentError;
use crate::message::Message;

/// Puts the base together: a line for each component, then the parameters.
///
/// `params` is the value of the member of `Signature-Input` exactly as it is sent or was received:
/// signers differ in the order of parameters, and each has signed its own.
pub(crate) fn signature_base(
    message: &Message<'_>,
    components: &[Component],
    params: &str,
) -> Result<String, ComponentError> {
    let mut base = String::with_capacity(512);
    for (index, component) in components.iter().enumerate() {
        let identifier = component.identifier();
        if components[..index]
            .iter()
            .any(|earlier| earlier.identifier() == identifier)
        {
            let identifier = identifier.to_owned();
            return Err(ComponentError::Repeated { identifier });
        }
        push_line(&mut base, identifier, &component.value(message)?);
        base.push('\n');
    }
    push_line(&mut base, "\"@signature-params\"", params);
    Ok(base)
}

fn push_line(base: &mut String, identifier: &str, value: &str) {
    base.push_str(identifier);
    base.push_str(": ");
    base.push_str(value);
}
