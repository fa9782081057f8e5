namespace Interactions.Frontend.Admission;

/// <summary><c>Log:*</c>: where streams are kept.</summary>
/// <param name="Kind">Which log.</param>
/// <param name="Path">The data folder.</param>
/// <param name="KeepHours">For how long entries are kept; 0 = until the stream is deleted.</param>
internal sealed record LogSettings(LogKind Kind = LogKind.File, string Path = "./data", int KeepHours = 0)
{
    internal static LogSettings Read(OptionReader read)
    {
        var standard = new LogSettings();
        var kind = standard.Kind;
        if (read.Text("Log:Kind") is { } text && (string.Equals(text, "Redis", StringComparison.OrdinalIgnoreCase) || string.Equals(text, "Orleans", StringComparison.OrdinalIgnoreCase)))
            read.Refuse("Log:Kind", $"is {text}, which this build does not have yet; it has File and Memory");
        else
            kind = read.Choice("Log:Kind", standard.Kind);

        return new LogSettings(kind, read.Text("Log:Path") ?? standard.Path, read.Whole("Log:KeepHours", standard.KeepHours, 0, 876_000));
    }
}
