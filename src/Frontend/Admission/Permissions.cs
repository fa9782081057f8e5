using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>
/// Who may do what to a stream. A role alone is not enough: moderators and broadcasters act on streams that are
/// theirs (<c>sub</c> is the owner) or that their token names; admins on all that their token covers.
/// </summary>
internal static class Permissions
{
    /// <param name="identity">Null: nobody has said who they are.</param>
    public static bool CanWatch(Identity? identity, AuthOptions auth, string stream) => IsWatcher(identity, auth) && identity?.Covers(stream) != false;

    /// <summary>Whether there is any stream that this one may watch, were it there.</summary>
    public static bool IsWatcher(Identity? identity, AuthOptions auth) => identity is not null || auth.Anonymous == AnonymousAccess.Watch;

    /// <summary>React, comment, vote.</summary>
    public static bool CanSend(Identity? identity, string stream) => identity is not null && identity.Covers(stream);

    /// <summary>Make a stream that does not exist yet, and so own it.</summary>
    public static bool CanCreate(Identity? identity, string stream) =>
        identity is { Role: >= Role.Broadcaster } && identity.Covers(stream);

    /// <summary>Make the stream, where nobody owns it yet, or change it.</summary>
    public static bool MayPut(Identity identity, string stream, string? owner) =>
        owner is null ? CanCreate(identity, stream) : Broadcasts(identity, stream, owner);

    public static bool Moderates(Identity? identity, string stream, string? owner) =>
        ActsOn(identity, Role.Moderator, stream, owner);

    public static bool Broadcasts(Identity? identity, string stream, string? owner) =>
        ActsOn(identity, Role.Broadcaster, stream, owner);

    /// <summary>Erase it: only its owner (while a broadcaster) and admins, whatever the token names.</summary>
    public static bool CanDelete(Identity? identity, string stream, string? owner) =>
        identity is not null && identity.Covers(stream)
        && (identity.Role == Role.Admin || (identity.Role == Role.Broadcaster && Owns(identity, owner)));

    /// <summary>See what the whole cluster does.</summary>
    public static bool OperatesCluster(Identity? identity) => identity is { Role: Role.Admin, Streams: null };

    /// <summary>Whether the role that an interaction needs is there for this stream.</summary>
    public static bool Has(Identity? identity, Role role, string stream, string? owner) =>
        role == Role.Viewer ? CanSend(identity, stream) : ActsOn(identity, role, stream, owner);

    private static bool ActsOn(Identity? identity, Role role, string stream, string? owner) =>
        identity is not null && identity.Role >= role && identity.Covers(stream)
        && (identity.Role == Role.Admin || Owns(identity, owner) || identity.Names(stream));

    private static bool Owns(Identity identity, string? owner) => string.Equals(identity.User, owner, StringComparison.Ordinal);
}
