using System.Text;

namespace Interactions.Frontend.Api;

/// <summary>Query parameters.</summary>
internal static class Query
{
    /// <summary>A whole number within bounds, written as in JSON, or a default where it is absent.</summary>
    public static bool Whole(HttpContext http, string name, int standard, int least, int most, out int value)
    {
        value = standard;
        var text = http.Request.Query[name].ToString();
        if (text.Length == 0) return true;
        if (!WholeNumber.TryParse(Encoding.UTF8.GetBytes(text), out var read) || read < least || read > most) return false;
        value = (int)read;
        return true;
    }

    /// <summary>A time in ms since 1970, or null where it is absent.</summary>
    public static bool Time(HttpContext http, string name, out long? value)
    {
        value = null;
        var text = http.Request.Query[name].ToString();
        if (text.Length == 0) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read)) return false;
        value = read;
        return true;
    }
}
