using System.Text.RegularExpressions;
using System.Xml.Linq;
using Plug1.Kernel.Templates;
using Shouldly;
using Xunit;

namespace Plug1.Kernel.Tests.Templates;

public class QrSvgTests
{
    [Fact]
    public void A_code_is_one_well_formed_path_with_its_finder_patterns_inside_the_quiet_zone()
    {
        var svg = XElement.Parse(QrSvg.Of("https://example.com/r/1?a=1&b=2", "Receipt <1>"));
        var box = svg.Attribute("viewBox")!.Value.Split(' ');
        box.ShouldBe(["0", "0", "37", "37"]);   // version 3 is 29 modules, and 4 quiet ones on either side
        svg.Elements().First().Value.ShouldBe("Receipt <1>");
        var bars = Regex.Matches(svg.Elements().Last().Attribute("d")!.Value, @"M(\d+) (\d+)h(\d+)v1h-\3z");
        bars.Select(bar => bar.Groups[1].Value + " " + bar.Groups[2].Value + " " + bar.Groups[3].Value).ShouldContain("4 4 7");
        bars.Select(bar => bar.Groups[1].Value + " " + bar.Groups[2].Value + " " + bar.Groups[3].Value).ShouldContain("26 4 7");
        bars.Min(bar => int.Parse(bar.Groups[1].Value)).ShouldBe(4);
    }

    [Fact]
    public void Nothing_and_too_much_are_errors()
    {
        Should.Throw<ArgumentException>(() => QrSvg.Of(""));
        Should.Throw<ArgumentException>(() => QrSvg.Of(new string('x', 3000)));
    }
}
