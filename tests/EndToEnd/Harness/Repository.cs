namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>Where things are in the working copy that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The service as built in the configuration that the tests were built in.</summary>
    public static string ServiceDll { get; } = Path.Combine(
        Root, "src", "Frontend", "bin", Configuration(), "net10.0", "Interactions.Frontend.dll");

    /// <summary>The service with other rules; see <c>tests/NextRelease</c>.</summary>
    public static string NextReleaseDll { get; } = Path.Combine(
        Root, "tests", "NextRelease", "bin", Configuration(), "net10.0", "Interactions.NextRelease.dll");

    public static string LoadTestsDll { get; } = Path.Combine(
        Root, "loadtests", "bin", Configuration(), "net10.0", "Interactions.LoadTests.dll");

    public static string ContentRoot { get; } = Path.Combine(Root, "src", "Frontend");

    public static string NodeClients { get; } = Path.Combine(Root, "tests", "EndToEnd", "clients");

    private static string Configuration() =>
        Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar))!);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Interactions.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"No Interactions.sln above {AppContext.BaseDirectory}.");
    }
}
