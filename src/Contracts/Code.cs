namespace Interactions.Contracts;

/// <summary>
/// Every way a request or an interaction can end. What each means, how it is written and whether
/// to try again stands in <see cref="Codes"/>. The numbers are stored: never renumber.
/// </summary>
public enum Code : byte
{
    Accepted = 0,

    // Decided by the fold, or on its behalf before the log.
    NotLive = 1,
    UnknownKind = 2,
    TooLong = 3,
    Empty = 4,
    SlowMode = 5,
    Banned = 6,
    RateLimited = 7,
    Forbidden = 8,
    UnknownComment = 9,
    UnknownPoll = 10,
    PollClosed = 11,
    BadChoice = 12,
    DuplicateId = 13,
    TooManyKinds = 14,

    // Requests as a whole.
    BadRequest = 20,
    Unauthorized = 21,
    NotFound = 22,
    Conflict = 23,
    Trimmed = 24,
    TooLarge = 25,
    UnsupportedMediaType = 26,
    TooManyConnections = 27,
    Unavailable = 28,
    Internal = 29,
    TooManyStreams = 30,
    MethodNotAllowed = 31,
    Damaged = 32,
    Full = 33,
}
