using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Interactions.Contracts.Text;

namespace Interactions.Frontend.Api;

/// <summary>Typed reads of fields of a JSON object. Of a name that comes twice, the last counts; others are ignored.</summary>
/// <remarks>Text that is not valid Unicode throws <see cref="InvalidOperationException"/>; the readers turn it into their error.</remarks>
internal static class Shape
{
    /// <summary>What bodies and messages are parsed with.</summary>
    public static readonly JsonDocumentOptions Json = new() { MaxDepth = 32 };

    /// <summary>Text of a length within the bounds, in code points. Text that shows nothing counts as empty.</summary>
    public static bool Text(JsonElement item, string name, int least, int most, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return item.TryGetProperty(name, out var value) && Text(value, least, most, out text);
    }

    public static bool Text(JsonElement value, int least, int most, [NotNullWhen(true)] out string? text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (text is not null && CodePoints.Count(text) is var length && length >= least && length <= most && (least == 0 || Blanks.ShowsAnything(text))) return true;
        text = null;
        return false;
    }

    /// <summary>As <see cref="Text(JsonElement,string,int,int,out string?)"/>; absent or null is null and good.</summary>
    public static bool OptionalText(JsonElement item, string name, int least, int most, out string? text)
    {
        text = null;
        return IsAbsent(item, name, out var value) || Text(value, least, most, out text);
    }

    /// <summary>A list of texts, each within the bounds, of which no two look the same.</summary>
    public static bool Texts(JsonElement value, int fewest, int most, int longest, [NotNullWhen(true)] out string[]? texts)
    {
        texts = null;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is var length && (length < fewest || length > most)) return false;
        var read = new string[value.GetArrayLength()];
        var next = 0;
        foreach (var one in value.EnumerateArray())
        {
            if (!Text(one, 1, longest, out var text)) return false;
            read[next++] = text;
        }

        if (!Looks.AllDiffer(read)) return false;
        texts = read;
        return true;
    }

    /// <summary>A whole number within the bounds; absent or null is null and good.</summary>
    public static bool OptionalWhole(JsonElement item, string name, int least, int most, out int? number)
    {
        number = null;
        if (IsAbsent(item, name, out var value)) return true;
        if (!Whole(value, out var read) || read < least || read > most) return false;
        number = (int)read;
        return true;
    }

    /// <summary>Any whole number; one that does not fit becomes the nearest that does.</summary>
    public static bool Whole(JsonElement item, string name, out int number)
    {
        number = 0;
        if (!item.TryGetProperty(name, out var value) || !Whole(value, out var read)) return false;
        number = (int)Int128.Clamp(read, int.MinValue, int.MaxValue);
        return true;
    }

    /// <summary>A whole number, however it is written: see <see cref="WholeNumber"/>.</summary>
    public static bool Whole(JsonElement value, out Int128 number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && WholeNumber.TryParse(JsonMarshal.GetRawUtf8Value(value), out number);
    }

    /// <summary>True or false; absent or null is null and good.</summary>
    public static bool OptionalFlag(JsonElement item, string name, out bool? flag)
    {
        flag = null;
        if (IsAbsent(item, name, out var value)) return true;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return false;
        flag = value.GetBoolean();
        return true;
    }

    /// <summary>Whether the field is missing or null.</summary>
    public static bool IsAbsent(JsonElement item, string name, out JsonElement value) =>
        !item.TryGetProperty(name, out value) || value.ValueKind == JsonValueKind.Null;
}
