using System.Globalization;

namespace Interactions.LoadTests.Running;

/// <summary>
/// A parsed command line: what was given, else the option's default. Anything unknown, doubled or
/// unreadable throws <see cref="UsageException"/>, so that a typing error never silently measures something else.
/// </summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string?> _values;

    private Arguments(Dictionary<string, string?> values, bool help)
    {
        _values = values;
        WantsHelp = help;
    }

    public bool WantsHelp { get; }

    /// <summary>Every option, also those that were not given.</summary>
    public IReadOnlyDictionary<string, string?> Values => _values;

    public static Arguments Parse(IReadOnlyList<string> arguments, IEnumerable<Option> options)
    {
        var values = options.ToDictionary(o => o.Name, o => o.Default);
        var given = new HashSet<string>();
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--help" or "-h") return new(values, help: true);
            var (name, inline) = Split(arguments[i]);
            if (!values.ContainsKey(name)) throw new UsageException($"There is no option {arguments[i]}; --help lists them.");
            if (!given.Add(name)) throw new UsageException($"--{name} is given twice.");
            if (inline is null && ++i == arguments.Count) throw new UsageException($"--{name} needs a value.");
            values[name] = inline ?? arguments[i];
        }

        return new(values, help: false);
    }

    public string? TextOrNull(string name) => _values[name];

    public string Text(string name) => _values[name] ?? throw new UsageException($"--{name} is needed.");

    public int Count(string name, int least = 0) =>
        int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least
            ? value
            : throw new UsageException($"--{name} has to be a whole number of at least {least}.");

    public int Percent(string name) =>
        Count(name) is var value and <= 100 ? value : throw new UsageException($"--{name} has to be a whole number from 0 to 100.");

    public double Positive(string name) =>
        double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value)
            ? value
            : throw new UsageException($"--{name} has to be a number above 0.");

    public static Uri AsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var value) && value.Scheme is "http" or "https"
            ? new Uri(text)
            : throw new UsageException($"{text} is not an http or https address.");

    private static (string Name, string? Inline) Split(string argument)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal)) throw new UsageException($"{argument} is not an option; options begin with --.");
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument[2..], null) : (argument[2..equals], argument[(equals + 1)..]);
    }
}
