mod boards;
mod files;
mod folder;
