### Photos that come with a form

photo-large = A photo is too large and was not kept. Choose a smaller one (reports of citizens: 15 MB, handling: 30 MB each).
photo-kind = A file is no JPEG or PNG photo and was not kept. Take it again or choose another.
photo-damaged = A photo is not whole and was not kept. Take it again or choose another.
photo-pixels = A photo has too many pixels (more than about fifty million) and was not kept. Choose a smaller one.
photo-cut-off = Photo not whole
