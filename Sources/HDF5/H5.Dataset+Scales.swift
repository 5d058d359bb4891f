extension H5.Dataset {
  /// Makes this dataset a dimension scale: the places along an axis of others.
  ///
  /// - Parameter name: What the scale is called, for example "time".
  /// - Throws: `.readOnly`, `.library`.
  public func makeScale(_ name: String) throws(H5.Failure) {
    try file.requireWritable("write", subject)
    try library("write", subject) { () throws(CallFault) in
      try Calls.makeScale(handle, name: name)
    }
  }

  /// Attaches a scale to an axis of this dataset.
  ///
  /// - Throws: `.readOnly`, `.selection` if there is no such axis, `.library`.
  public func attachScale(_ scale: H5.Dataset, toAxis axis: Int) throws(H5.Failure) {
    try requireAxis(axis)
    try library("write", subject) { () throws(CallFault) in
      try Calls.attachScale(scale.handle, to: handle, axis: axis)
    }
  }

  /// Names an axis of this dataset.
  ///
  /// - Throws: `.readOnly`, `.selection` if there is no such axis, `.library`.
  public func labelAxis(_ axis: Int, _ label: String) throws(H5.Failure) {
    try requireAxis(axis)
    try library("write", subject) { () throws(CallFault) in
      try Calls.labelAxis(axis, of: handle, label)
    }
  }

  private func requireAxis(_ axis: Int) throws(H5.Failure) {
    try file.requireWritable("write", subject)
    guard shape.indices.contains(axis) else {
      throw .selectionOutside(subject, selection: "axis \(axis)", shape: shape)
    }
  }
}
