// The queues whose figures theory knows, each as a scenario beside this file.
#pragma once

#include <string>
#include <vector>

namespace nephoscope::oracle {

// One figure of the results, such as "resources.counter" "wait.mean".
struct Figure {
  std::string component;
  std::string metric;
  double exact = 0;  // in the results' unit: seconds, customers, shares
};

struct Case {
  std::string name;    // of the file, without .yaml
  std::string title;   // the queue's name
  std::string theory;  // where the exact values come from
  std::vector<Figure> figures;
};

std::vector<Case> all_cases();

}  // namespace nephoscope::oracle
