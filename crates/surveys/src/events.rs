//! What happens here, as others are told of it.

use serde::{Deserialize, Serialize};

/// A student answered, or answered otherwise than before; its subject is the response.
pub const SURVEY_ANSWERED: &str = "survey.answered";

/// What is told with [`SURVEY_ANSWERED`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SurveyAnswered {
    /// The campaign's code.
    pub campaign: String,
    /// Whether it is their first answer in this campaign.
    pub is_new: bool,
}
