namespace Interactions.Frontend.Admission;

/// <summary>How roles are written in a token.</summary>
internal static class Roles
{
    public static bool TryParse(string? text, out Role role)
    {
        (var known, role) = text switch
        {
            "viewer" => (true, Role.Viewer),
            "moderator" => (true, Role.Moderator),
            "broadcaster" => (true, Role.Broadcaster),
            "admin" => (true, Role.Admin),
            _ => (false, Role.Viewer),
        };
        return known;
    }

    public static string Text(this Role role) => role switch
    {
        Role.Moderator => "moderator",
        Role.Broadcaster => "broadcaster",
        Role.Admin => "admin",
        _ => "viewer",
    };
}
