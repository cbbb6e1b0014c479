//! A router that remembers what it routes, so that a test can hold it against the access table.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, on};

use super::App;

/// Routes in the order in which they were written.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    list: Vec<(Method, &'static str)>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers GET (and HEAD) on a path.
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::GET, MethodFilter::GET, path, handler)
    }

    /// Answers POST on a path, with a body of at most a mebibyte.
    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.on(Method::POST, MethodFilter::POST, path, handler)
    }

    /// Answers POST on a path, with a body of at most so many bytes.
    pub fn upload<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        limit: usize,
        handler: H,
    ) -> Self {
        self.on(
            Method::POST,
            MethodFilter::POST,
            path,
            handler.layer(DefaultBodyLimit::max(limit)),
        )
    }

    fn on<H: Handler<T, App>, T: 'static>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.list.push((method, path));
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    /// What is routed.
    pub fn list(&self) -> &[(Method, &'static str)] {
        &self.list
    }

    /// The router.
    pub fn router(self) -> Router<App> {
        self.router.layer(DefaultBodyLimit::max(1 << 20))
    }
}
