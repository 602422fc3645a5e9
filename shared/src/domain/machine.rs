//! What every life cycle has in common: states and events with stable names, and one way to be refused.

/// A step that the life cycle does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{machine}: `{event}` is not possible in state `{from}`")]
pub struct TransitionError {
    /// The life cycle, as `order`.
    pub machine: &'static str,
    /// The state it is in.
    pub from: &'static str,
    /// What was asked of it.
    pub event: &'static str,
}

/// A stored or received name that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: `{name}`")]
pub struct UnknownName {
    /// The type it was read as.
    pub what: &'static str,
    /// What was read.
    pub name: String,
}

/// An enum whose variants have stable names: one list gives the wire form, the stored form and `ALL`, so that they can't drift apart.
/// The names are tokens and no `literal`s: the schema's derive reads a rename only as a bare token.
macro_rules! named {
    ($(#[$meta:meta])* pub enum $type:ident { $($(#[$vmeta:meta])* $variant:ident = $name:tt,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(utoipa::ToSchema))]
        pub enum $type {
            $($(#[$vmeta])* #[serde(rename = $name)] $variant,)+
        }

        impl $type {
            /// Every value, in the order of the life of the thing.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The stable name, as stored and on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The value of a stored name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.as_str() == name)
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = $crate::domain::machine::UnknownName;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name).ok_or_else(|| $crate::domain::machine::UnknownName {
                    what: stringify!($type),
                    name: name.to_owned(),
                })
            }
        }
    };
}

/// Gives a status its `next`: only the listed steps exist, everything else is refused with its names.
macro_rules! steps {
    ($machine:literal: $status:ident, $event:ident { $($($from:ident)|+ => $on:ident => $to:ident,)+ }) => {
        impl $status {
            /// The state after the event.
            ///
            /// # Errors
            /// The life cycle has no such step.
            pub const fn next(self, event: $event) -> Result<Self, $crate::domain::machine::TransitionError> {
                match (self, event) {
                    $(($(Self::$from)|+, $event::$on) => Ok(Self::$to),)+
                    _ => Err($crate::domain::machine::TransitionError {
                        machine: $machine,
                        from: self.as_str(),
                        event: event.as_str(),
                    }),
                }
            }

            /// Whether the life cycle has this step from here.
            #[must_use]
            pub const fn can(self, event: $event) -> bool {
                self.next(event).is_ok()
            }
        }
    };
}
