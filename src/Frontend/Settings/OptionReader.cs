using System.Globalization;

namespace Interactions.Frontend.Settings;

/// <summary>
/// Reads settings and collects everything that is wrong with them, so that an operator is told all of it at once.
/// An unusable value reads as its default. Empty means not set. Messages name the setting and never repeat secrets.
/// </summary>
internal sealed class OptionReader(IConfiguration configuration)
{
    private readonly List<string> _problems = [];
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public IConfiguration Configuration => configuration;

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The settings that were asked for.</summary>
    public IReadOnlySet<string> Known => _known;

    public void Refuse(string setting, string why) => _problems.Add($"{setting} {why}.");

    public string? Text(string setting)
    {
        _known.Add(setting);
        return configuration[setting] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    public int Whole(string setting, int standard, int least, int most)
    {
        if (Text(setting) is not { } text) return standard;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        Refuse(setting, $"has to be a whole number from {least} to {most}, not {text}");
        return standard;
    }

    /// <summary>A number from 0 to 1.</summary>
    public double Share(string setting, double standard)
    {
        if (Text(setting) is not { } text) return standard;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= 1) return value;
        Refuse(setting, $"has to be a number from 0 to 1, not {text}");
        return standard;
    }

    public bool Flag(string setting, bool standard)
    {
        if (Text(setting) is not { } text) return standard;
        if (bool.TryParse(text, out var value)) return value;
        Refuse(setting, $"has to be true or false, not {text}");
        return standard;
    }

    public T Choice<T>(string setting, T standard)
        where T : struct, Enum
    {
        if (Text(setting) is not { } text) return standard;
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase)) return value;
        }

        Refuse(setting, $"has to be one of {string.Join(", ", Enum.GetNames<T>())}, not {text}");
        return standard;
    }

    /// <summary>A list section (<c>Name:0</c>, <c>Name:1</c>) or one text with commas or semicolons.</summary>
    public IReadOnlyList<string> List(string setting)
    {
        _known.Add(setting);
        var parts = configuration.GetSection(setting).GetChildren().Select(child => child.Value).Prepend(configuration[setting]);
        return [.. parts.SelectMany(part => (part ?? "").Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct()];
    }
}
