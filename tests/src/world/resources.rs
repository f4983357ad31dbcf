//! What the endpoints of each resource do, whatever their rule: list, create, look, change, delete.

use std::convert::Infallible;

use axum::extract::{FromRequest, RawPathParams, Request};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestExt};
use futures_util::future::BoxFuture;
use orgscope::prelude::*;
use orgscope::problem::Problem;
use orgscope::{Keyed, OrgFilter};

use super::Tenancy;
use super::inputs::*;
use super::models::{Book, Config, Library, Note, Shelf, Template};

/// A resource.
pub trait Resource: Keyed + serde::Serialize + Send + Sized + 'static {
    /// What its lists can be filtered by.
    type Filter: OrgFilter<Model = Self>;

    /// Answers at the collection.
    fn collection(rows: Scoped<Self>, call: Call) -> Answering;

    /// Answers at one row.
    fn one(row: Self, rows: Scoped<Self>, call: Call) -> Answering;
}

/// Boxed, because there are a thousand handlers, whose code is to be small.
pub type Answering = BoxFuture<'static, Result<Response, ApiError>>;

/// What an endpoint is called with, besides its rows. One argument instead of three keeps the handlers small.
pub struct Call {
    state: Tenancy,
    db: Db,
    request: Request,
}

impl FromRequest<Tenancy> for Call {
    type Rejection = Infallible;

    async fn from_request(mut request: Request, state: &Tenancy) -> Result<Call, Infallible> {
        let db = request.extract_parts_with_state(state).await?;
        let state = state.clone();
        Ok(Call { state, db, request })
    }
}

impl Call {
    /// The form of the input, from the path.
    async fn form(&mut self) -> String {
        let params = self.request.extract_parts::<RawPathParams>().await;
        let params = params.expect("a path in UTF-8");
        let form = params.iter().find(|(name, _)| *name == "form");
        form.map(|(_, form)| form.to_owned()).unwrap_or_default()
    }
}

fn no_such_form() -> ApiError {
    Problem::new(400, "Bad Request", "There is no such form of this input.").into()
}

macro_rules! resources {
    ($($model:ident: $filter:ident {
        new { $($new:literal => $input:ident,)* }
        changes { $($changed:literal => $changes:ident,)* }
    })*) => {$(
        impl Resource for $model {
            type Filter = $filter;

            fn collection(rows: Scoped<Self>, mut call: Call) -> Answering {
                Box::pin(async move {
                if call.request.method() != Method::POST {
                    let filtering = call.request.extract_parts().await;
                    let Filtered::<$filter>(filters) = filtering.unwrap_or_else(|never| match never {});
                    let rows: Vec<$model> = rows.filtered(filters).load(&mut call.db).await?;
                    return Ok(Json(rows).into_response());
                }
                let row = match call.form().await.as_str() {
                    $($new => {
                        let input = Input::<$input>::from_request(call.request, &call.state).await?;
                        rows.insert(input).get_result(&mut call.db).await?
                    })*
                    _ => return Err(no_such_form()),
                };
                Ok((StatusCode::CREATED, Json(row)).into_response())
                })
            }

            fn one(row: Self, rows: Scoped<Self>, mut call: Call) -> Answering {
                Box::pin(async move {
                let key = row.key();
                match call.request.method().as_str() {
                    "DELETE" => {
                        rows.find(key).delete().execute(&mut call.db).await?;
                        return Ok(StatusCode::NO_CONTENT.into_response());
                    }
                    "PUT" | "PATCH" => {}
                    _ => return Ok(Json(row).into_response()),
                }
                let row = match call.form().await.as_str() {
                    $($changed => {
                        let changes =
                            Input::<$changes>::from_request(call.request, &call.state).await?;
                        rows.find(key).update(changes).get_result(&mut call.db).await?
                    })*
                    _ => return Err(no_such_form()),
                };
                Ok(Json(row).into_response())
                })
            }
        }
    )*};
}

resources! {
    Template: TemplateFilter {
        new {
            "plain" => NewTemplate, "shared" => NewTemplateShared,
            "readonly" => NewTemplateReadOnly, "aliased" => NewTemplateAliased,
        }
        changes { "plain" => TemplateChanges, "shared" => TemplateChangesShared, }
    }
    Shelf: ShelfFilter {
        new { "plain" => NewShelf, "shared" => NewShelfShared, }
        changes { "plain" => ShelfChanges, "shared" => ShelfChangesShared, }
    }
    Config: ConfigFilter {
        new { "plain" => NewConfig, "shared" => NewConfigShared, }
        changes { "plain" => ConfigChanges, "shared" => ConfigChangesShared, }
    }
    Book: BookFilter {
        new { "plain" => NewBook, "shared" => NewBookShared, "nested" => NewBookNested, }
        changes { "plain" => BookChanges, "shared" => BookChangesShared, }
    }
    Library: LibraryFilter {
        new { "plain" => NewLibrary, "shared" => NewLibraryShared, }
        changes { "plain" => LibraryChanges, "shared" => LibraryChangesShared, }
    }
    Note: NoteFilter {
        new { "plain" => NewNote, "shared" => NewNoteShared, }
        changes { "plain" => NoteChanges, "shared" => NoteChangesShared, }
    }
}
