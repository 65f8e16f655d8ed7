// Planning: the office's and the guests' questions, and the promises that follow from them. Guides' pictures are made
// from the tables and from their calendars as fresh as the question asks; who can run a trip, a guest's dates and a
// season's plan come from them; and a promise is checked by the same function, once more, in the transaction that makes
// it. Begin at `PlanningDesk`.
