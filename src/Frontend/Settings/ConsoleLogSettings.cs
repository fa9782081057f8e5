using Microsoft.Extensions.Logging.Console;

namespace Interactions.Frontend.Settings;

/// <summary><c>Logging:*</c>: what .NET itself reads, and would misread without a word.</summary>
internal static class ConsoleLogSettings
{
    public const string Formatter = "Logging:Console:FormatterName";

    private static readonly string[] Forms = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];

    /// <summary>Refuses what the console's logger would fail at, or silently take for something else.</summary>
    public static void Check(OptionReader read)
    {
        if (read.Configuration[Formatter] is { Length: > 0 } form && !Forms.Contains(form, StringComparer.OrdinalIgnoreCase))
            read.Refuse(Formatter, $"has to be one of {string.Join(", ", Forms)}, not {form}");

        foreach (var (setting, level) in read.Configuration.GetSection("Logging").AsEnumerable())
        {
            if (setting.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && level is { Length: > 0 } && !Enum.TryParse<LogLevel>(level, ignoreCase: true, out _))
                read.Refuse(setting, $"has to be one of {string.Join(", ", Enum.GetNames<LogLevel>())}, not {level}");
        }
    }
}
