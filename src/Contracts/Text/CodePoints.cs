namespace Interactions.Contracts.Text;

/// <summary>What lengths of text are counted in, everywhere.</summary>
public static class CodePoints
{
    /// <param name="text">Valid Unicode.</param>
    public static int Count(string text)
    {
        var count = text.Length;
        foreach (var unit in text)
        {
            if (char.IsLowSurrogate(unit)) count--;
        }

        return count;
    }
}
