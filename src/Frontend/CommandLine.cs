namespace Interactions.Frontend;

/// <summary>
/// What the program was started with: settings as <c>--Name value</c>, <c>--Name=value</c> or <c>Name=value</c>. What is none of these .NET
/// passes over in silence; here it is told.
/// </summary>
internal sealed class CommandLine
{
    public const string Help = "--help";
    public const string Version = "--version";

    /// <summary>Repairs the log of the data folder instead of serving it.</summary>
    public const string Repair = "--repair";

    public const string Usage = """
        Interactions.Frontend [--SETTING VALUE]...   runs the service until SIGTERM or Ctrl+C, e.g. --Urls http://127.0.0.1:5080 --Log:Path ./data
        Interactions.Frontend probe URL              asks a running service and ends with 0 if the answer is a success
        Interactions.Frontend --repair [--SETTING VALUE]...   keeps what is sound of a damaged log, says what it gives up, and ends
        Interactions.Frontend --version | --help

        Settings also come from the environment (Log__Path=./data) and from the appsettings.json beside the program.
        docs/operations.md lists them.
        """;

    private readonly List<string> _settings = [];
    private readonly List<string> _problems = [];

    public CommandLine(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var name = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument;
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            var isSetting = name.Length > 0 && equals != 0 && name[0] is not ('-' or '/') && (name != argument || equals > 0);
            if (!isSetting)
            {
                _problems.Add($"{argument} is no setting: settings are written --Name value, or --Name=value.");
                continue;
            }

            // A value that begins like a setting needs the form with an equals sign.
            var value = equals > 0 ? name[(equals + 1)..]
                : i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i]
                : "";
            name = equals > 0 ? name[..equals] : name;
            _settings.Add(name);
            if (string.IsNullOrWhiteSpace(value)) _problems.Add($"{name} has no value.");
        }
    }

    /// <summary>The names that were given.</summary>
    public IReadOnlyList<string> Settings => _settings;

    /// <summary>What cannot be understood; names settings, never values.</summary>
    public IReadOnlyList<string> Problems => _problems;
}
