import Staffing
import Testing
