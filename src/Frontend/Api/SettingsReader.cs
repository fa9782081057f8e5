using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Interactions.Contracts;
using Interactions.Contracts.Text;

namespace Interactions.Frontend.Api;

/// <summary>Reads the body of <c>PUT /v1/streams/{id}</c>: every field optional, null as if absent, no body as <c>{}</c>. Never throws.</summary>
internal static class SettingsReader
{
    public static bool TryRead(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out SettingsPatch? patch, out string problem)
    {
        patch = null;
        if (utf8.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            patch = new SettingsPatch();
            problem = "";
            return true;
        }

        problem = "The text is not valid Unicode.";
        if (!Utf8.IsValid(utf8.Span)) return false;
        try
        {
            using var document = JsonDocument.Parse(utf8, Shape.Json);
            patch = Read(document.RootElement, out problem);
            return patch is not null;
        }
        catch (JsonException)
        {
            problem = "The body is not JSON, or nested too deeply.";
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static SettingsPatch? Read(JsonElement body, out string problem)
    {
        problem = "The body has to be an object.";
        if (body.ValueKind != JsonValueKind.Object) return null;

        problem = "title has to be text of at most 200 characters.";
        if (!Shape.OptionalText(body, "title", 0, 200, out var title)) return null;
        if (title is not null) title = DisplayNames.Clean(title) ?? "";

        problem = "reactions has to be a list of 1-16 different kinds, each 1-32 characters.";
        string[]? kinds = null;
        if (!Shape.IsAbsent(body, "reactions", out var list) && !Shape.Texts(list, 1, 16, 32, out kinds)) return null;

        problem = "tap has to be true or false.";
        if (!Shape.OptionalFlag(body, "tap", out var tap)) return null;
        problem = "slowModeSeconds has to be a whole number from 0 to 3600.";
        if (!Shape.OptionalWhole(body, "slowModeSeconds", 0, 3600, out var slowMode)) return null;
        problem = "maxCommentLength has to be a whole number from 1 to 5000.";
        if (!Shape.OptionalWhole(body, "maxCommentLength", 1, 5000, out var longest)) return null;
        problem = "roster has to be true or false.";
        if (!Shape.OptionalFlag(body, "roster", out var roster)) return null;

        problem = "";
        return new SettingsPatch(title, kinds, tap, slowMode, longest, roster);
    }
}
