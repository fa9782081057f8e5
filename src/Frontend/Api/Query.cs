using System.Text;

namespace Interactions.Frontend.Api;

/// <summary>Query parameters. Numbers are written as in JSON: see <see cref="WholeNumber"/>.</summary>
internal static class Query
{
    /// <summary>A whole number within bounds, or a default where it is absent.</summary>
    public static bool Whole(HttpContext http, string name, int standard, int least, int most, out int value)
    {
        var isGood = Whole(http, name, least, most, out var read);
        value = (int)(read ?? standard);
        return isGood;
    }

    /// <summary>A time in ms since 1970, or null where it is absent.</summary>
    public static bool Time(HttpContext http, string name, out long? value) => Whole(http, name, 0, long.MaxValue, out value);

    private static bool Whole(HttpContext http, string name, long least, long most, out long? value)
    {
        value = null;
        var text = http.Request.Query[name].ToString();
        if (text.Length == 0) return true;
        if (!WholeNumber.TryParse(Encoding.UTF8.GetBytes(text), out var read) || read < least || read > most) return false;
        value = (long)read;
        return true;
    }
}
