using System.Globalization;
using System.Runtime.InteropServices;

namespace Interactions.LoadTests.Running;

/// <summary>What has to be known of a run to do it again: when, with what, where.</summary>
internal static class RunDetails
{
    /// <summary>Secret, or said elsewhere.</summary>
    private static readonly string[] Unsaid = ["key", "url", "json", "report"];

    public static IEnumerable<(string Name, string Value)> Of(Arguments arguments, DateTimeOffset began)
    {
        yield return ("date (UTC)", began.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        yield return ("service", arguments.Text("url"));
        yield return ("options", string.Join(' ', arguments.Values.Where(v => v.Value is not null && !Unsaid.Contains(v.Key)).Select(v => $"--{v.Key} {v.Value}")));
        yield return ("commit", Repository.Commit() ?? "unknown");
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        yield return ("machine", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} cores, {memory:0.#} GB memory, {RuntimeInformation.OSDescription}, kernel {Environment.OSVersion.Version.ToString(3)}, {RuntimeInformation.OSArchitecture}"));
    }
}
