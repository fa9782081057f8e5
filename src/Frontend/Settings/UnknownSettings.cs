namespace Interactions.Frontend.Settings;

/// <summary>
/// Settings in the service's own sections (<c>Limits:*</c> and so on) that nothing reads: misspelled, as a rule. They are told of in
/// the log, by name and never by value; the service starts without them.
/// </summary>
/// <param name="read">Has read all that there are.</param>
/// <param name="given">Names that somebody wrote for this service: a section that looks much like one of its own is misspelled there.</param>
internal sealed partial class UnknownSettings(OptionReader read, IReadOnlyList<string> given)
{
    // What .NET itself reads, and where names are free.
    private static readonly string[] OfDotNet = ["Logging", "Kestrel"];

    /// <summary>Each, and the setting that was probably meant, if one is close.</summary>
    public IReadOnlyList<(string Setting, string? Meant)> Find()
    {
        var sections = read.Known.Where(known => known.Contains(':', StringComparison.Ordinal))
            .Select(SectionOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var foreign = given.Where(setting => !IsKnown(setting) && !sections.Contains(SectionOf(setting)) && LooksLikeOurs(setting, sections));
        return [.. sections.SelectMany(UnknownOf).Concat(foreign).Select(setting => (setting, Nearest(setting))).OrderBy(one => one.setting, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>One warning each.</summary>
    public void Warn(ILogger logger)
    {
        foreach (var (setting, meant) in Find())
        {
            if (meant is null) LogUnknown(logger, setting);
            else LogMisspelled(logger, setting, meant);
        }
    }

    // What has a value, but for the section itself: REGION is also a common variable of the environment.
    private IEnumerable<string> UnknownOf(string section) =>
        from setting in read.Configuration.GetSection(section).AsEnumerable()
        where setting.Value is not null && setting.Key.Contains(':', StringComparison.Ordinal) && !IsKnown(setting.Key)
        select setting.Key;

    private bool LooksLikeOurs(string setting, IEnumerable<string> sections)
    {
        var section = SectionOf(setting);
        if (OfDotNet.Contains(section, StringComparer.OrdinalIgnoreCase)) return false;
        return Nearest(setting) is not null || (section != setting && sections.Any(own => Distance(own, section) <= 1));
    }

    private static string SectionOf(string setting) => setting.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? setting[..colon] : setting;

    // An item of a list (Cors:Origins:0) is part of its setting.
    private bool IsKnown(string setting)
    {
        var last = setting.LastIndexOf(':');
        return read.Known.Contains(setting) || (last >= 0 && int.TryParse(setting.AsSpan(last + 1), out _) && read.Known.Contains(setting[..last]));
    }

    private string? Nearest(string setting)
    {
        var nearest = read.Known.MinBy(known => Distance(known, setting));
        return nearest is not null && Distance(nearest, setting) <= Math.Max(2, setting.Length / 6) ? nearest : null;
    }

    // How many characters have to be put in, taken out or changed (Levenshtein, 1966), whatever their case.
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(left[i]) == char.ToUpperInvariant(right[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no setting {Setting}: it is ignored")]
    private static partial void LogUnknown(ILogger logger, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no setting {Setting}: it is ignored. Is {Meant} meant?")]
    private static partial void LogMisspelled(ILogger logger, string setting, string meant);
}
