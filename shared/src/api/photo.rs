//! 货品照片: up to six of an offer, in order; the first is the cover.

use uuid::Uuid;

wire! {
    /// One size of a photo. It is served at `/photos/<id>` and never changes there.
    pub struct PictureOut {
        /// Its id, made from its content.
        pub id: Uuid,
        /// Width in pixels.
        pub width: i32,
        /// Height in pixels.
        pub height: i32,
    }

    /// A photo of an offer in its two sizes.
    pub struct PhotoOut {
        /// Its id.
        pub id: Uuid,
        /// At most 480 pixels, for cards.
        pub card: PictureOut,
        /// At most 1280 pixels, for the offer's page.
        pub page: PictureOut,
    }

    /// The order of an offer's photos; the first becomes the cover.
    pub struct PhotoOrderIn {
        /// Every photo of the offer, once.
        pub ids: Vec<Uuid>,
    }
}
