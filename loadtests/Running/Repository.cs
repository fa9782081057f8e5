using System.ComponentModel;
using System.Diagnostics;

namespace Interactions.LoadTests.Running;

/// <summary>The working copy that this program was built in.</summary>
internal static class Repository
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>null = the program was moved elsewhere.</summary>
    public static string? Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "loadtests", "LoadTests.csproj"))) return folder.FullName;
            }

            return null;
        }
    }

    /// <summary>A path of the repository, whatever the current folder is.</summary>
    public static string PathOf(string relative) => Root is { } root ? Path.Combine(root, relative) : relative;

    /// <summary>The commit, and whether files differ from it; null = there is no git, or it does not know.</summary>
    public static string? Commit()
    {
        if (Root is not { } root || Git(root, "rev-parse", "--short", "HEAD") is not { Length: > 0 } commit) return null;
        return Git(root, "status", "--porcelain", "--untracked-files=no") is { Length: > 0 } ? commit + " with changes" : commit;
    }

    private static string? Git(string root, params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", root, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = git.StandardOutput.ReadToEnd().Trim();
            return git.WaitForExit(AnswerWithin) && git.ExitCode == 0 ? said : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
