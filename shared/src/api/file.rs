//! 照片: stored files.

use uuid::Uuid;

wire! {
    /// A stored photo, re-encoded and without the camera's data.
    pub struct FileOut {
        /// Its id; it is served at `/files/<id>`.
        pub id: Uuid,
        /// Bytes stored.
        pub bytes: i64,
        /// Width in pixels.
        pub width: i32,
        /// Height in pixels.
        pub height: i32,
    }
}
