// Staffing: who can run a trip, and for everybody else why not and what would change it. Pure: guides, their busy time
// and a question in; ranked crews and reasons out. One function, `GuidePicture.obstacles`, answers browse, hold, commit,
// staffing and 'why not', so that they cannot differ. Begin there; whole crews are in `StaffingPicture`, whole seasons
// in `SeasonSolver`; the codes and their remedies are in docs/staffing.md.
