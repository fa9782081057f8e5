using Interactions.Frontend.Settings;
using Microsoft.Extensions.Logging.Console;

namespace Interactions.Frontend.Telemetry;

/// <summary>What the console is told, and how: one line an event, or JSON by <c>Logging:Console:FormatterName=json</c>.</summary>
internal static partial class ConsoleLogs
{
    // Their request lines show access_token, and no setting may turn them on.
    private static readonly string[] ShowTokens = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Server.Kestrel.BadRequests"];

    /// <summary>The first line: for people as a sentence, for machines as an event.</summary>
    public static void SayWhere(WebApplication app)
    {
        var isJson = string.Equals(app.Configuration[ConsoleLogSettings.Formatter], ConsoleFormatterNames.Json, StringComparison.OrdinalIgnoreCase);
        foreach (var url in app.Urls)
        {
            if (isJson) LogListening(app.Logger, url);
            else Console.WriteLine($"Interactions listens on {url}");
        }
    }

    public static void Add(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);

        // A stack for every connection that breaks and every call that fails: which silos come and go is told by ClusterNews, and callers are told the rest.
        logging.AddFilter("Orleans", LogLevel.Error).AddFilter("Orleans.Messaging", LogLevel.None).AddFilter("Polly", LogLevel.None);
        logging.AddFilter("Orleans.Runtime.GrainCallCancellationManager", LogLevel.None); // calls of a silo that is gone can't be cancelled either
        logging.AddFilter("Orleans.Runtime.MembershipService", LogLevel.Warning).AddFilter("Orleans.Runtime.MembershipService.SiloHealthMonitor", LogLevel.Error);

        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // start-up failures are said in one sentence
        logging.AddFilter("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.None); // a line for every refusal: HubErrors tells what matters
        logging.AddFilter("Microsoft.AspNetCore.SignalR.HubConnectionHandler", LogLevel.None); // a stack for every message that is not SignalR's
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Critical); // a stack for every viewer behind TLS who vanished; what the service does wrong is told by Errors
        foreach (var category in ShowTokens) logging.AddFilter(category, LogLevel.Warning).AddFilter<ConsoleLoggerProvider>(category, LogLevel.Warning);
        logging.AddConsole();

        // The builder has chosen the simple form; the setting has the last word.
        logging.Services.AddOptions<ConsoleLoggerOptions>().Configure<IConfiguration>((console, settings) =>
            console.FormatterName = settings[ConsoleLogSettings.Formatter] ?? ConsoleFormatterNames.Simple);
        logging.Services.Configure<SimpleConsoleFormatterOptions>(lines => lines.SingleLine = true);
        logging.Services.Configure<JsonConsoleFormatterOptions>(json =>
        {
            json.TimestampFormat ??= "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.UseUtcTimestamp = true;
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Interactions listens on {Url}")]
    private static partial void LogListening(ILogger logger, string url);
}
