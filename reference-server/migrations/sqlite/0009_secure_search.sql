-- What is deleted leaves the search index at once, and not when that is next rewritten.
INSERT INTO passages_index (passages_index, rank) VALUES ('secure-delete', 1);
