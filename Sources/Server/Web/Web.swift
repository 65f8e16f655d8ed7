// Web: the pages. View values in, HTML out; no script needed. Begin at `WebPages`.
