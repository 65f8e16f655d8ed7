// GuidesWeb: the pages of guide services: board, trips, crews, guests, agenda. Stands on Season and Staffing; knows
// nothing of the platform. Every page works without a script; scripts add dragging, live updates and offline reading.
// Begin at `GuideTable`, which says who may see what; docs/design-language.md says how pages look.
