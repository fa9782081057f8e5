using System.Globalization;

namespace Interactions.InProcess;

/// <summary>Options of the form <c>--name number</c>.</summary>
internal sealed class Numbers
{
    private readonly Dictionary<string, int> _values = [];

    public int this[string name, int standard] => _values.GetValueOrDefault(name, standard);

    public static Numbers Parse(string[] args)
    {
        var numbers = new Numbers();
        for (var i = 0; i + 1 < args.Length; i += 2) numbers._values[args[i].TrimStart('-')] = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
        return numbers;
    }
}
