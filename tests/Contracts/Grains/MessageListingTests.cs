using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.Contracts.Grains;

/// <summary>
/// What two versions have to agree on: <c>messages.approved.txt</c> has every call and every message with its name on the wire, and
/// the number and type of each field. What is in it stays: fields and calls are added, with new numbers and names. A change that is
/// meant goes into the file by <c>INTERACTIONS_APPROVE=1</c> and this test.
/// </summary>
public sealed class MessageListingTests
{
    private static readonly string ApprovedPath = Path.Combine(Repository.Root, "tests", "Contracts", "Grains", "messages.approved.txt");

    [Fact]
    public async Task Calls_and_messages_are_those_that_were_approved()
    {
        var listing = Listing();
        if (Environment.GetEnvironmentVariable("INTERACTIONS_APPROVE") == "1") await File.WriteAllTextAsync(ApprovedPath, listing);
        Assert.Equal(await File.ReadAllTextAsync(ApprovedPath), listing);
    }

    [Fact]
    public void No_two_messages_have_one_name() =>
        Assert.Empty(Messages.Types.Concat(Messages.Interfaces).GroupBy(AliasOf).Where(group => group.Count() > 1).Select(group => group.Key));

    private static string Listing()
    {
        var listing = new StringBuilder();
        foreach (var type in Messages.Interfaces)
        {
            listing.Append(CultureInfo.InvariantCulture, $"{AliasOf(type)}: {type.Name}\n");
            foreach (var method in type.GetMethods().OrderBy(AliasOf, StringComparer.Ordinal))
                listing.Append(CultureInfo.InvariantCulture, $"  {AliasOf(method)}({string.Join(", ", method.GetParameters().Select(one => NameOf(one.ParameterType)))}): {NameOf(method.ReturnType)}\n");
        }

        foreach (var type in Messages.Types)
        {
            listing.Append(CultureInfo.InvariantCulture, $"{AliasOf(type)}: {type.Name}\n");
            foreach (var (id, field, name) in FieldsOf(type).OrderBy(field => field.Id))
                listing.Append(CultureInfo.InvariantCulture, $"  {id} {name}: {NameOf(field)}\n");
        }

        foreach (var type in Enums())
            listing.Append(CultureInfo.InvariantCulture, $"{type.Name}: {string.Join(", ", Enum.GetValues(type).Cast<object>().Select(value => $"{Convert.ToInt64(value, CultureInfo.InvariantCulture)} {value}"))}\n");
        return listing.ToString();
    }

    private static string AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias ?? throw new InvalidOperationException($"{member.Name} has no alias.");

    // Fields with [Id], or in a record the parameters of its constructor in their order.
    private static IEnumerable<(uint Id, Type Type, string Name)> FieldsOf(Type type)
    {
        var named = type.GetMembers(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(member => member.IsDefined(typeof(IdAttribute)))
            .Select(member => (member.GetCustomAttribute<IdAttribute>()!.Id, member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType, member.Name))
            .ToArray();
        if (named.Length > 0 || type.IsAssignableTo(typeof(Exception))) return named;
        var properties = type.GetProperties().Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        var primary = type.GetConstructors().FirstOrDefault(constructor => constructor.GetParameters() is { Length: > 0 } all && all.All(one => properties.Contains(one.Name!)));
        return (primary?.GetParameters() ?? []).Select((parameter, i) => ((uint)i, parameter.ParameterType, parameter.Name!));
    }

    private static IEnumerable<Type> Enums() => Messages.Types.SelectMany(FieldsOf).Select(field => Nullable.GetUnderlyingType(field.Type) ?? field.Type)
        .Where(type => type.IsEnum).Distinct().OrderBy(type => type.Name, StringComparer.Ordinal);

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return NameOf(inner) + "?";
        if (type.IsArray) return NameOf(type.GetElementType()!) + "[]";
        if (type.IsAssignableTo(typeof(ITuple))) return $"({string.Join(", ", type.GetGenericArguments().Select(NameOf))})";
        return type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>" : type.Name;
    }
}
