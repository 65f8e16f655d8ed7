// Staffing: who can run a trip, and for everybody else why not and what would change it. Pure: guides, their busy time
// and a question in; ranked crews and reasons out. Begin at `StaffingQuestion`.
